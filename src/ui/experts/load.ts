// Tokens per expert as multiples of an even share. Pure.
import type { ExpertLoad, LayerChoices } from '../../protocol/protocol';

export interface LoadCell {
  readonly layer: number;
  readonly expert: number;
  readonly count: number;
  /** 1 is an even share; 0 for every expert of a layer that saw no token. */
  readonly ratio: number;
}

/** How many of an answer's tokens each expert gets. */
export function loadOfChoices(choices: readonly LayerChoices[]): ExpertLoad[] {
  return choices.map(({ layer, numExperts, tokens }) => {
    const counts = new Array<number>(numExperts).fill(0);
    for (const { expert } of tokens.flat()) counts[expert] = (counts[expert] ?? 0) + 1;
    return { layer, counts };
  });
}

/** One row a layer, one cell an expert. */
export function loadCells(load: readonly ExpertLoad[]): LoadCell[][] {
  return load.map(({ layer, counts }) => {
    const ideal = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    return counts.map((count, expert) => ({ layer, expert, count, ratio: ideal > 0 ? count / ideal : 0 }));
  });
}
