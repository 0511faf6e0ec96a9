// Causal attention of MLA in its expanded form over packed sequences, and its gradients.
import type { Dispatch } from '../gpu/kernel';
import { grid } from './grid';

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

function common(s: MlaShape) {
  return {
    params: { rows: s.rows, heads: s.heads, scale: s.scale },
    constants: { NOPE: s.nope, ROPE: s.rope, VALUE: s.value },
    workgroups: grid(s.rows * s.heads),
  };
}

/** q (N, H, nope+rope), kv (N, H, nope+value), k_rope (N, rope), spans (N) of (first, end) → y (N, H, value), log_sum_exp (N, H). */
export function mlaAttention<T>(
  s: MlaShape,
  bindings: { q: T; kv: T; k_rope: T; spans: T; y: T; log_sum_exp: T },
): Dispatch<T> {
  const { params, constants, workgroups } = common(s);
  return {
    label: 'MlaAttention.forward',
    kernel: { shader: 'mla_attention', constants },
    params,
    bindings,
    workgroups,
  };
}

/** dq_delta: dq (N, H, nope+rope), then delta (N, H) for the other gradient. */
export function mlaAttentionBackwardQ<T>(
  s: MlaShape,
  bindings: { q: T; kv: T; k_rope: T; spans: T; y: T; log_sum_exp: T; dy: T; dq_delta: T },
): Dispatch<T> {
  const { params, constants, workgroups } = common(s);
  const kernel = { shader: 'mla_attention_backward_q', constants };
  return { label: 'MlaAttention.backwardQ', kernel, params, bindings, workgroups };
}

/** dkv_rope: dkv (N, H, nope+value), then each head's gradient of k_rope (N, H, rope). */
export function mlaAttentionBackwardKv<T>(
  s: MlaShape,
  bindings: { q: T; kv: T; k_rope: T; spans: T; log_sum_exp: T; dq_delta: T; dy: T; dkv_rope: T },
): Dispatch<T> {
  const { params, constants, workgroups } = common(s);
  const kernel = { shader: 'mla_attention_backward_kv', constants };
  return { label: 'MlaAttention.backwardKv', kernel, params, bindings, workgroups };
}
