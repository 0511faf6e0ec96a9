// Kernels of one decode step beside those shared with the full forward: begin, latent cache, absorbed attention, sampling.
import type { Dispatch } from '../gpu/kernel';
import { grid } from './grid';
import { inLanes, type MlaShape } from './mlaAttention';

/** Tokens kept beside each drawn one when alternatives are wanted. */
export const NUM_ALTERNATIVES = 6;
/** Words of `struct Rollout` (shaders/lib/rollout.wgsl). */
export const ROLLOUT_WORDS = 8;

/** live (B), rollouts (R) → ids, positions, slots (B). */
export function decodeBegin<T>(
  s: { rows: number; maxNewTokens: number },
  bindings: { live: T; rollouts: T; ids: T; positions: T; slots: T },
): Dispatch<T> {
  const params = { rows: s.rows, max_new_tokens: s.maxNewTokens };
  return { label: 'Decode.begin', kernel: { shader: 'decode_begin' }, params, bindings, workgroups: grid(s.rows) };
}

/** cache rows [c (rank) | k_rope (rope)] at slots (N), or at n without slots. */
export function latentAppend<T>(
  s: { rows: number; rank: number; rope: number },
  bindings: { c: T; k_rope: T; cache: T; slots?: T },
): Dispatch<T> {
  return {
    label: 'Decode.latentAppend',
    kernel: { shader: 'latent_append', conditions: { slotted: bindings.slots !== undefined } },
    params: { ...s },
    bindings: bindings as Record<string, T>,
    workgroups: grid(s.rows * (s.rank + s.rope)),
  };
}

/** q (B, H, nope+rope), w (H, nope+value, rank), caches of rows [c | k_rope] → y (B, H, value). */
export function mlaDecode<T>(
  s: MlaShape & { rank: number; maxNewTokens: number },
  bindings: { live: T; rollouts: T; q: T; w: T; prompt_cache: T; own_cache: T; y: T },
): Dispatch<T> {
  return {
    label: 'Decode.attention',
    kernel: { shader: 'mla_decode', ...inLanes({ NOPE: s.nope, ROPE: s.rope, VALUE: s.value, RANK: s.rank }) },
    params: { rows: s.rows, heads: s.heads, max_new_tokens: s.maxNewTokens, scale: s.scale },
    bindings,
    workgroups: grid(s.rows * s.heads),
  };
}

/** As `struct Settings` of sample.wgsl. */
export interface SampleSettings {
  /** 0: always the likeliest token. */
  readonly temperature: number;
  readonly topP: number;
  /** 0: all. */
  readonly topK: number;
  readonly endToken: number;
  readonly maxNewTokens: number;
  /** Tokens the tokenizer knows; the vocabulary's padding beyond is never drawn. */
  readonly numTokens: number;
}

export const SAMPLE_SETTINGS_BYTES = 32;

export function packSampleSettings(s: SampleSettings): Uint32Array {
  const floats = new Uint32Array(new Float32Array([s.temperature, s.topP]).buffer);
  return new Uint32Array([...floats, s.topK, s.endToken, s.maxNewTokens, s.numTokens, 0, 0]);
}

/** logits (B, V) → the next token of each live rollout, with log-probability, entropy and, if bound, alternatives. */
export function sample<T>(
  s: { rows: number; vocabulary: number; maxNewTokens: number },
  bindings: {
    settings: T;
    live: T;
    logits: T;
    rollouts: T;
    tokens: T;
    log_probs: T;
    entropies: T;
    alternatives?: T;
  },
): Dispatch<T> {
  return {
    label: 'Decode.sample',
    kernel: {
      shader: 'sample',
      constants: { ALTERNATIVES: NUM_ALTERNATIVES },
      conditions: { alternatives: bindings.alternatives !== undefined },
    },
    params: { rows: s.rows, vocabulary: s.vocabulary, max_new_tokens: s.maxNewTokens },
    bindings: bindings as Record<string, T>,
    workgroups: grid(s.rows),
  };
}
