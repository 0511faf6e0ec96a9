// The latent of multi-head latent attention.
import { rope as ropeKernel } from '../../kernels/attention/rope';
import { rmsNorm as normKernel, rmsNormBackward } from '../../kernels/norm/rmsNorm';
import type { Graph, Tensor } from '../graph';
import { normWeightBackward } from './pointwise';
import type { RopeInputs } from './rope';

/** The latent of each token: kv (N, rank+rope) → c = norm of its first part (N, rank), and its turned rest (N, rope). */
export function latent(
  g: Graph,
  kv: Tensor,
  weight: Tensor,
  s: { rank: number; rope: number; epsilon: number },
  r: RopeInputs,
): { c: Tensor; kRope: Tensor } {
  const [rows, stride] = kv.shape as [number, number];
  const normShape = { rows, width: s.rank, xStride: stride };
  const ropeShape = { rows, heads: 1, headWidth: s.rope, rope: s.rope, isInterleaved: r.isInterleaved };
  const c = g.tensor('latent', [rows, s.rank]);
  const kRope = g.tensor('key rope', [rows, s.rope]);
  const inverseRms = g.tensor('inverse rms', [rows]);
  g.emit(
    normKernel({ ...normShape, epsilon: s.epsilon }, { x: kv, weight, y: c, inverse_rms: inverseRms }),
    ropeKernel(
      { ...ropeShape, xStride: stride, xOffset: s.rank, yStride: s.rope },
      { x: kv, table: r.table, positions: r.positions, y: kRope },
    ),
  );
  g.onBackward([c, kRope], (dc, dkRope) => {
    const dkv = g.tensor(`d ${kv.label}`, kv.shape);
    g.emit(
      rmsNormBackward({ ...normShape, dxStride: stride }, { x: kv, weight, inverse_rms: inverseRms, dy: dc, dx: dkv }),
      ropeKernel(
        { ...ropeShape, xStride: s.rope, yStride: stride, yOffset: s.rank, isBackward: true },
        { x: dkRope, table: r.table, positions: r.positions, y: dkv },
      ),
    );
    normWeightBackward(g, normShape, { x: kv, inverseRms, dy: dc, weight });
    g.addGradient(kv, dkv);
  });
  return { c, kRope };
}
