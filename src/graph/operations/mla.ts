// The pieces of multi-head latent attention that are not plain projections.
import {
  mlaAttention as kernel,
  type MlaShape,
  mlaAttentionBackwardKv,
  mlaAttentionBackwardQ,
  mlaAttentionDelta,
} from '../../kernels/attention/mlaAttention';
import { rope as ropeKernel } from '../../kernels/attention/rope';
import { sumHeads } from '../../kernels/elementwise/pointwise';
import { rmsNorm as normKernel, rmsNormBackward } from '../../kernels/norm/rmsNorm';
import type { Graph, Tensor } from '../graph';
import { normWeightBackward } from './pointwise';

/** Angles and places for RoPE. */
export interface RopeInputs {
  /** (positions, rope/2) of (cos, sin). */
  readonly table: Tensor;
  /** (N) */
  readonly positions: Tensor;
  readonly isInterleaved: boolean;
}

/** Turns the last `rope` numbers of each head of q (N, heads·headWidth). */
export function rope(
  g: Graph,
  q: Tensor,
  s: { heads: number; headWidth: number; rope: number },
  r: RopeInputs,
): Tensor {
  const [rows, stride] = q.shape as [number, number];
  const shape = { rows, ...s, xStride: stride, yStride: stride, isInterleaved: r.isInterleaved };
  const y = g.tensor('turned query', q.shape);
  g.emit(ropeKernel(shape, { x: q, table: r.table, positions: r.positions, y }));
  g.onBackward([y], (dy) => {
    const dq = g.tensor(`d ${q.label}`, q.shape);
    g.emit(ropeKernel({ ...shape, isBackward: true }, { x: dy, table: r.table, positions: r.positions, y: dq }));
    g.addGradient(q, dq);
  });
  return y;
}

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

/** q (N, H·(nope+rope)), kv (N, H·(nope+value)), kRope (N, rope), spans (N, 4) of a PackedBatch → (N, H·value). */
export function attention(g: Graph, s: MlaShape, q: Tensor, kv: Tensor, kRope: Tensor, spans: Tensor): Tensor {
  const y = g.tensor('attention', [s.rows, s.heads * s.value]);
  const logSumExp = g.tensor('attention log-sum-exp', [s.rows, s.heads]);
  const inputs = { q, kv, k_rope: kRope, spans };
  g.emit(kernel(s, { ...inputs, y, log_sum_exp: logSumExp }));
  g.onBackward([y], (dy) => {
    const delta = g.tensor('attention delta', [s.rows, s.heads]);
    const dq = g.tensor(`d ${q.label}`, q.shape);
    // The gradient of kv leads its buffer; what follows it is only for the sum over heads.
    const dkv = g.tensor(`d ${kv.label}`, [kv.size + s.rows * s.heads * s.rope]);
    const dkRope = g.tensor(`d ${kRope.label}`, kRope.shape);
    const known = { ...inputs, log_sum_exp: logSumExp, delta, dy };
    g.emit(
      mlaAttentionDelta(s, { y, dy, delta }),
      mlaAttentionBackwardQ(s, { ...known, dq }),
      mlaAttentionBackwardKv(s, { ...known, dkv_rope: dkv }),
      sumHeads(
        'MlaAttention.sumHeads',
        { rows: s.rows, heads: s.heads, width: s.rope, xOffset: kv.size },
        { x: dkv, y: dkRope },
      ),
    );
    g.addGradient(q, dq);
    g.addGradient(kv, dkv);
    g.addGradient(kRope, dkRope);
  });
  return y;
}
