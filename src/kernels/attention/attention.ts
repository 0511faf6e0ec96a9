// Causal attention over packed sequences, and its gradients: of MLA in its expanded form, and of grouped queries.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';
import { sharedReads } from '../layout/sharedReads';
import { inVectors } from '../layout/vectors';

/** Sizes of MLA, whose heads share one rotary key. */
export interface MlaShape {
  readonly rows: number;
  readonly heads: number;
  /** Widths of a head: query and key without position, with position, and value. */
  readonly nope: number;
  readonly rope: number;
  readonly value: number;
  /** Softmax scale. */
  readonly scale: number;
  /** Keys that a query sees at most, itself among them; all before it, if not given. */
  readonly window?: number | undefined;
}

/**
 * Sizes of grouped-query attention (Ainslie et al., arXiv 2305.13245); kvHeads = heads is multi-head, kvHeads = 1
 * multi-query attention.
 */
export interface GroupedShape {
  readonly rows: number;
  readonly heads: number;
  /** Heads of keys and values, each for as many neighbouring query heads as the others. */
  readonly kvHeads: number;
  /** Width of a head. */
  readonly width: number;
  readonly scale: number;
  readonly window?: number | undefined;
}

/** What both are to the kernels. */
export interface AttentionShape extends MlaShape {
  /** Heads of `kv` and of `k_rope`; each is shared by as many neighbouring query heads as the others. */
  readonly kvHeads: number;
  readonly ropeHeads: number;
}

/** kv (N, H, nope+value) is [k_nope | v] of each head, k_rope (N, rope) the key that all share. */
export function latentShape(s: MlaShape): AttentionShape {
  return { ...s, kvHeads: s.heads, ropeHeads: 1 };
}

/** kv (N, KV, width) is the values, k_rope (N, KV, width) the whole keys. Throws where heads do not fall into equal groups. */
export function groupedShape({ width, ...s }: GroupedShape): AttentionShape {
  if (s.heads % s.kvHeads !== 0) throw new Error(`${s.heads} query heads do not share ${s.kvHeads} key heads equally`);
  return { ...s, ropeHeads: s.kvHeads, nope: 0, rope: width, value: width };
}

/** Neighbouring queries, or keys, of one workgroup. */
const GROUP = 32;

function attentionKernel<T>(
  label: string,
  shader: string,
  s: AttentionShape,
  heads: number,
  bindings: Record<string, T>,
): Dispatch<T> {
  const { constants, conditions } = inVectors({ NOPE: s.nope, ROPE: s.rope, VALUE: s.value });
  const kernel = {
    shader,
    constants: { ...constants, GROUP },
    conditions: { ...conditions, nope: s.nope > 0, windowed: s.window !== undefined },
  };
  return {
    label,
    kernel: conditions.vec4 ? sharedReads(kernel, s.rows) : kernel,
    params: {
      rows: s.rows,
      heads: s.heads,
      kv_heads: s.kvHeads,
      rope_heads: s.ropeHeads,
      window: s.window ?? 0,
      scale: s.scale,
    },
    bindings,
    workgroups: [Math.ceil(s.rows / GROUP), heads, 1],
  };
}

/**
 * q (N, H, nope+rope), kv (N, KV, nope+value), k_rope (N, R, rope), spans (N, 4; shaders/lib/span.wgsl) → y (N, H, value),
 * log_sum_exp (N, H).
 */
export function attention<T>(
  s: AttentionShape,
  bindings: { q: T; kv: T; k_rope: T; spans: T; y: T; log_sum_exp: T },
): Dispatch<T> {
  return attentionKernel('Attention.forward', 'attention', s, s.heads, bindings);
}

/** y, dy (N, H, value) → delta (N, H), which both gradients need. */
export function attentionDelta<T>(s: AttentionShape, bindings: { y: T; dy: T; delta: T }): Dispatch<T> {
  const items = s.rows * s.heads;
  const { constants, conditions } = inVectors({ VALUE: s.value });
  return {
    label: 'Attention.delta',
    kernel: { shader: 'attention_delta', constants, conditions },
    params: { items },
    bindings,
    workgroups: grid(items),
  };
}

/** → dq (N, H, nope+rope). */
export function attentionBackwardQ<T>(
  s: AttentionShape,
  bindings: { q: T; kv: T; k_rope: T; spans: T; log_sum_exp: T; delta: T; dy: T; dq: T },
): Dispatch<T> {
  return attentionKernel('Attention.backwardQ', 'attention_backward_q', s, s.heads, bindings);
}

/** dkv_rope: dkv (N, KV, nope+value), then each of these heads' gradient of k_rope (N, KV, rope). */
export function attentionBackwardKv<T>(
  s: AttentionShape,
  bindings: { q: T; kv: T; k_rope: T; spans: T; log_sum_exp: T; delta: T; dy: T; dkv_rope: T },
): Dispatch<T> {
  return attentionKernel('Attention.backwardKv', 'attention_backward_kv', s, s.kvHeads, bindings);
}
