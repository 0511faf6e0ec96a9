// The grid that ships with the page: what `npm run cli -- scaling recipes/scaling/grid.json --json` printed.
import type { GridFindings } from '../../../lib/scaling/report';
import type { GridResult } from '../../../protocol/laboratory';
import grid from './grid.json';

const recorded: { readonly results: readonly GridResult[] } & Required<GridFindings> = grid;

export const { fit, repeats, optimal, results } = recorded;
export const onceTrained = results.filter(({ tokens, uniqueTokens }) => uniqueTokens >= tokens);
export const repeatedRuns = results.filter(({ tokens, uniqueTokens }) => uniqueTokens < tokens);
