// Rotary position embedding (Su et al., arXiv 2104.09864): pair i of a head turns by position · frequency_i. YaRN (Peng et
// al., arXiv 2309.00071) slows the low frequencies down. Pairs stay where they are, interleaved or half-split: queries and
// keys keep one order, so their products are those of any other order.
import type { RopeTable } from '../model/rope';
import { at, type Numbers } from './array';

export { type RopeTable, ropeAttentionFactor, ropeFrequencies, ropeTable } from '../model/rope';

/** Which numbers of a row turn: `ropeDim` of each of `heads` heads, `headDim` wide. */
export interface RopeShape {
  readonly heads: number;
  readonly headDim: number;
  readonly ropeDim: number;
  /** The first of them in a head; if not given, the last ones turn. */
  readonly ropeAt?: number | undefined;
  /** Pairs are (x0, x1), (x2, x3), …; otherwise (x_i, x_{i + ropeDim/2}). */
  readonly interleaved: boolean;
}

function turn(x: Numbers, positions: Numbers, table: RopeTable, shape: RopeShape, direction: 1 | -1): Float64Array {
  const { heads, headDim, ropeDim, ropeAt = headDim - ropeDim, interleaved } = shape;
  const y = Float64Array.from(x);
  for (let row = 0; row < positions.length * heads; row++) {
    const start = row * headDim + ropeAt;
    const angles = at(positions, Math.floor(row / heads)) * table.pairs;
    for (let i = 0; i < ropeDim / 2; i++) {
      const first = start + (interleaved ? 2 * i : i);
      const second = interleaved ? first + 1 : first + ropeDim / 2;
      const cos = at(table.cos, angles + i);
      const sin = direction * at(table.sin, angles + i);
      y[first] = at(x, first) * cos - at(x, second) * sin;
      y[second] = at(x, second) * cos + at(x, first) * sin;
    }
  }
  return y;
}

/** x (N, heads, headDim), positions (N) → the same shape with the last ropeDim of each head turned. */
export function rope(x: Numbers, positions: Numbers, table: RopeTable, shape: RopeShape): Float64Array {
  return turn(x, positions, table, shape, 1);
}

/** dy → dx: the transpose of a turn is the turn back (scaled alike, where YaRN scales). */
export function ropeBackward(dy: Numbers, positions: Numbers, table: RopeTable, shape: RopeShape): Float64Array {
  return turn(dy, positions, table, shape, -1);
}
