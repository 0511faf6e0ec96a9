// Causal attention over a packed batch.
import {
  type AttentionShape,
  attentionBackwardKv,
  attentionBackwardQ,
  attentionDelta,
  attention as kernel,
} from '../../kernels/attention/attention';
import { sumHeads } from '../../kernels/elementwise/pointwise';
import type { Graph, Tensor } from '../graph';

/**
 * q (N, H·(nope+rope)), kv (N, KV·(nope+value)), kRope (N, R·rope), spans (N, 4) of a PackedBatch → (N, H·value). Queries and the
 * rotary parts of keys are turned already. Of grouped queries, kv is the values and kRope the keys.
 */
export function attention(g: Graph, s: AttentionShape, q: Tensor, kv: Tensor, kRope: Tensor, spans: Tensor): Tensor {
  const y = g.tensor('attention', [s.rows, s.heads * s.value]);
  const logSumExp = g.tensor('attention log-sum-exp', [s.rows, s.heads]);
  const inputs = { q, kv, k_rope: kRope, spans };
  g.emit(kernel(s, { ...inputs, y, log_sum_exp: logSumExp }));
  g.onBackward([y], (dy) => {
    const delta = g.tensor('attention delta', [s.rows, s.heads]);
    const dq = g.tensor(`d ${q.label}`, q.shape);
    // The gradient of kv leads its buffer; what follows it is only for the sum over heads.
    const dkv = g.tensor(`d ${kv.label}`, [kv.size + s.rows * s.kvHeads * s.rope]);
    const dkRope = g.tensor(`d ${kRope.label}`, kRope.shape);
    const known = { ...inputs, log_sum_exp: logSumExp, delta, dy };
    const shared = { rows: s.rows * s.ropeHeads, heads: s.kvHeads / s.ropeHeads, width: s.rope, xOffset: kv.size };
    g.emit(
      attentionDelta(s, { y, dy, delta }),
      attentionBackwardQ(s, { ...known, dq }),
      attentionBackwardKv(s, { ...known, dkv_rope: dkv }),
      sumHeads('Attention.sumHeads', shared, { x: dkv, y: dkRope }),
    );
    g.addGradient(q, dq);
    g.addGradient(kv, dkv);
    g.addGradient(kRope, dkRope);
  });
  return y;
}
