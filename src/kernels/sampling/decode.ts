// Kernels of a decode step: its begin and its end. Projections are in decodeLinear.ts, attention in mlaDecode.ts, the
// feed-forward layer in decodeExperts.ts.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';
import { type RowReductionRule, rowReductionKernel } from '../layout/rowReduction';
import { inVectors } from '../layout/vectors';

/** Tokens kept beside each drawn one when alternatives are wanted. */
export const NUM_ALTERNATIVES = 6;
/** Words of `struct Rollout` (shaders/lib/rollout.wgsl). */
export const ROLLOUT_WORDS = 9;

/** In place of a rollout's number: a row of none. */
export const NO_ROLLOUT = 0xffffffff;
/** Words of `struct Row` (shaders/lib/decode_row.wgsl). */
export const ROW_WORDS = 4;

/** chosen (B), rollouts (R) → live (B), those of chosen that have not ended, first and in order, and how many: num_live (1). */
export function decodeLive<T>(rows: number, bindings: { chosen: T; rollouts: T; live: T; num_live: T }): Dispatch<T> {
  return {
    label: 'Decode.live',
    kernel: { shader: 'decode_live' },
    params: { rows },
    bindings,
    workgroups: grid(rows),
  };
}

/**
 * live (B), rollouts (R), the table (V, width) in pool → places (B), where each row stands, and y (B, width), its
 * token's embedding. With drafts (R) rows are pairs: the second reads the rollout's draft, a place further on.
 */
export function decodeBegin<T>(
  s: { rows: number; width: number; tableAt: number },
  bindings: { live: T; rollouts: T; pool: T; places: T; y: T; drafts?: T },
): Dispatch<T> {
  const { constants, conditions } = inVectors({ WIDTH: s.width });
  const drafted = bindings.drafts !== undefined;
  return {
    label: 'Decode.begin',
    kernel: { shader: 'decode_begin', constants, conditions: { ...conditions, drafted } },
    params: { rows: s.rows, table_at: s.tableAt },
    bindings: bindings as Record<string, T>,
    workgroups: grid(s.rows * (constants.WIDTH as number)),
  };
}

/** As `struct Settings` of sample.wgsl. */
export interface SampleSettings {
  /** 0: always the likeliest token. */
  readonly temperature: number;
  readonly topP: number;
  /** 0: all. */
  readonly topK: number;
  /** Of the likeliest token's probability: what is less likely is never drawn. 0, or not given: none. */
  readonly minP?: number;
  /** Tokens of which each ends a rollout, at most MAX_END_TOKENS. */
  readonly endTokens: readonly number[];
  readonly maxNewTokens: number;
  /** Tokens the tokenizer knows; the vocabulary's padding beyond is never drawn. */
  readonly numTokens: number;
}

/** As `MAX_END_TOKENS` of sample.wgsl. */
export const MAX_END_TOKENS = 16;

const SETTINGS_WORDS = 7;
export const SAMPLE_SETTINGS_BYTES = (SETTINGS_WORDS + MAX_END_TOKENS) * 4;

/** Throws RangeError where there are more end tokens than the kernel looks at. */
export function packSampleSettings(s: SampleSettings): Uint32Array {
  if (s.endTokens.length > MAX_END_TOKENS) throw new RangeError(`${s.endTokens.length} end tokens`);
  const floats = new Uint32Array(new Float32Array([s.temperature, s.topP]).buffer);
  const words = new Uint32Array(SAMPLE_SETTINGS_BYTES / 4);
  const [minP = 0] = new Uint32Array(new Float32Array([s.minP ?? 0]).buffer);
  words.set([...floats, s.topK, s.maxNewTokens, s.numTokens, s.endTokens.length, minP, ...s.endTokens]);
  return words;
}

/** A draw looks at every logit some seventy times, and few rows leave a device idle. */
export const SAMPLE_REDUCTION: RowReductionRule = { threads: 256, minWidth: 1024 };

/**
 * logits (B, V) → the next token of each live rollout, with log-probabilities (two: over the whole vocabulary, and by
 * which it was drawn), entropy and, if bound, alternatives. Row r reads row r · stride + first of logits and live. With
 * drafts (R) only rollouts go on whose last token is the one that was drafted.
 */
export function sample<T>(
  s: { rows: number; vocabulary: number; maxNewTokens: number; stride?: number; first?: number },
  bindings: {
    settings: T;
    live: T;
    logits: T;
    rollouts: T;
    tokens: T;
    log_probs: T;
    entropies: T;
    alternatives?: T;
    drafts?: T;
  },
): Dispatch<T> {
  return {
    label: 'Decode.sample',
    ...rowReductionKernel(
      {
        shader: 'sample',
        constants: { ALTERNATIVES: NUM_ALTERNATIVES },
        conditions: { alternatives: bindings.alternatives !== undefined, drafted: bindings.drafts !== undefined },
      },
      s.rows,
      s.vocabulary,
      SAMPLE_REDUCTION,
    ),
    params: {
      rows: s.rows,
      vocabulary: s.vocabulary,
      max_new_tokens: s.maxNewTokens,
      stride: s.stride ?? 1,
      first: s.first ?? 0,
    },
    bindings: bindings as Record<string, T>,
  };
}
