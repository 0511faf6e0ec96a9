// How the runs laid over one another are told apart: by colour and by dashes, so that neither is needed.
import type { LineStyle } from '../charts/plot';

/** One a place of state/comparison.ts. */
export const RUN_STYLES: readonly LineStyle[] = [
  { color: 'run-1', widthPx: 2 },
  { color: 'run-2', widthPx: 2, dash: [7, 3] },
  { color: 'run-3', widthPx: 2, dash: [2, 3] },
  { color: 'run-4', widthPx: 2, dash: [9, 3, 2, 3] },
];
