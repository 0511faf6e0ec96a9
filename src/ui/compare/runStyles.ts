// How the runs laid over one another are told apart: by colour and by dashes, so that neither is needed. The first is drawn
// first and wider, and gaps are as long as dashes: of lines that lie on one another each is seen.
import type { LineStyle } from '../charts/plot';

/** One a place of state/comparison.ts. */
export const RUN_STYLES: readonly LineStyle[] = [
  { color: 'run-1', widthPx: 3.5 },
  { color: 'run-2', widthPx: 2, dash: [7, 7] },
  { color: 'run-3', widthPx: 2, dash: [2, 4] },
  { color: 'run-4', widthPx: 2, dash: [9, 4, 2, 4] },
];
