// Causal attention of MLA in its expanded form over packed sequences, and its gradients.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';
import { inLanes } from '../layout/lanes';
import { sharedReads } from '../layout/sharedReads';

export interface MlaShape {
  readonly rows: number;
  readonly heads: number;
  /** Widths of a head: query and key without position, with position, and value. */
  readonly nope: number;
  readonly rope: number;
  readonly value: number;
  /** Softmax scale. */
  readonly scale: number;
}

/** Neighbouring queries, or keys, of one workgroup. */
const GROUP = 32;

function attentionKernel<T>(label: string, shader: string, s: MlaShape, bindings: Record<string, T>): Dispatch<T> {
  const { constants, conditions } = inLanes({ NOPE: s.nope, ROPE: s.rope, VALUE: s.value });
  const kernel = { shader, constants: { ...constants, GROUP }, conditions };
  return {
    label,
    kernel: conditions.vec4 ? sharedReads(kernel, s.rows) : kernel,
    params: { rows: s.rows, heads: s.heads, scale: s.scale },
    bindings,
    workgroups: [Math.ceil(s.rows / GROUP), s.heads, 1],
  };
}

/** q (N, H, nope+rope), kv (N, H, nope+value), k_rope (N, rope), spans (N, 4; shaders/lib/span.wgsl) → y (N, H, value), log_sum_exp (N, H). */
export function mlaAttention<T>(
  s: MlaShape,
  bindings: { q: T; kv: T; k_rope: T; spans: T; y: T; log_sum_exp: T },
): Dispatch<T> {
  return attentionKernel('MlaAttention.forward', 'mla_attention', s, bindings);
}

/** y, dy (N, H, value) → delta (N, H), which both gradients need. */
export function mlaAttentionDelta<T>(s: MlaShape, bindings: { y: T; dy: T; delta: T }): Dispatch<T> {
  const items = s.rows * s.heads;
  const { constants, conditions } = inLanes({ VALUE: s.value });
  return {
    label: 'MlaAttention.delta',
    kernel: { shader: 'mla_attention_delta', constants, conditions },
    params: { items },
    bindings,
    workgroups: grid(items),
  };
}

/** → dq (N, H, nope+rope). */
export function mlaAttentionBackwardQ<T>(
  s: MlaShape,
  bindings: { q: T; kv: T; k_rope: T; spans: T; log_sum_exp: T; delta: T; dy: T; dq: T },
): Dispatch<T> {
  return attentionKernel('MlaAttention.backwardQ', 'mla_attention_backward_q', s, bindings);
}

/** dkv_rope: dkv (N, H, nope+value), then each head's gradient of k_rope (N, H, rope). */
export function mlaAttentionBackwardKv<T>(
  s: MlaShape,
  bindings: { q: T; kv: T; k_rope: T; spans: T; log_sum_exp: T; delta: T; dy: T; dkv_rope: T },
): Dispatch<T> {
  return attentionKernel('MlaAttention.backwardKv', 'mla_attention_backward_kv', s, bindings);
}
