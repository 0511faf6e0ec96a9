// How much a forward pass computes, from what each kind of block says that it costs.
import type { Architecture } from './architecture';
import { layerBlocks, type SizedBlock } from './blocks';
import { countParameters } from './parameterShapes';

/** A run of a text: the positions from `first` on, without `end`, whose tokens attend to everything before them. */
export interface TextRun {
  readonly first: number;
  readonly end: number;
}

/** Keys that the tokens of a run attend to together, each to so many at most. */
export function keysSeen({ first, end }: TextRun, most = Number.POSITIVE_INFINITY): number {
  // Of the tokens at positions 0 … n − 1.
  const upTo = (n: number) => (n <= most ? (n * (n + 1)) / 2 : (most * (most + 1)) / 2 + (n - most) * most);
  return upTo(end) - upTo(first);
}

/**
 * Floating-point operations of a forward pass over the runs: two for each weight that a token is multiplied with, and two for
 * each product of attention, of queries with keys and of scores with values. A training step makes three times as many.
 */
export function forwardOperations(architecture: Architecture, runs: readonly TextRun[]): number {
  const { vocabulary, width, isTied, isGrader } = architecture;
  const tokens = runs.reduce((sum, { first, end }) => sum + end - first, 0);
  // Of an embedding that is not the head a token only looks up a row.
  const weights = countParameters(architecture).active - (isTied || isGrader ? 0 : vocabulary * width);
  const products = ({ cost }: SizedBlock) =>
    cost.perKey === 0 ? 0 : cost.perKey * runs.reduce((sum, run) => sum + keysSeen(run, cost.mostKeys), 0);
  const attention = layerBlocks(architecture).reduce((sum, layer) => sum + products(layer.attention), 0);
  return 2 * (tokens * weights + attention);
}
