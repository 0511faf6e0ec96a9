// Rotary position embedding.
import { rope as ropeKernel } from '../../kernels/attention/rope';
import type { Graph, Tensor } from '../graph';

/** Angles and places for RoPE. */
export interface RopeInputs {
  /** (positions, rope/2) of (cos, sin). */
  readonly table: Tensor;
  /** (N) */
  readonly positions: Tensor;
  readonly isInterleaved: boolean;
}

/** Turns `rope` numbers of each head of x (N, heads·headWidth), from `at` on; the last ones, if that is not given. */
export function rope(
  g: Graph,
  x: Tensor,
  s: { heads: number; headWidth: number; rope: number; at?: number },
  r: RopeInputs,
): Tensor {
  const [rows, stride] = x.shape as [number, number];
  const shape = { rows, ...s, xStride: stride, yStride: stride, isInterleaved: r.isInterleaved };
  const y = g.tensor(`turned ${x.label}`, x.shape);
  g.emit(ropeKernel(shape, { x, table: r.table, positions: r.positions, y }));
  g.onBackward([y], (dy) => {
    const dx = g.tensor(`d ${x.label}`, x.shape);
    g.emit(ropeKernel({ ...shape, isBackward: true }, { x: dy, table: r.table, positions: r.positions, y: dx }));
    g.addGradient(x, dx);
  });
  return y;
}
