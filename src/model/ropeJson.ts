// The RoPE part of config.json, in its old spelling (rope_theta + rope_scaling) and its new one (rope_parameters), with
// the precedence of transformers 5 (RotaryEmbeddingConfigMixin.convert_rope_params_to_dict, modeling_rope_utils).
import type { Rope, RopeScaling } from './architecture';
import { FLOAT32_RANGE, isFloat32, isRecord, ModelConfigError, WRONG_FAMILY } from './configError';

/** As it is written again: `rope_scaling` with every option, null for one that is not given. */
export interface RopeSettings {
  readonly rope_theta: number;
  /** null: plain RoPE. */
  readonly rope_scaling: ScalingSettings | null;
}

type ScalingSettings = LinearSettings | Llama3Settings | YarnSettings;

interface LinearSettings {
  readonly rope_type: 'linear';
  readonly factor: number;
}

interface Llama3Settings {
  readonly rope_type: 'llama3';
  readonly factor: number;
  readonly low_freq_factor: number;
  readonly high_freq_factor: number;
  readonly original_max_position_embeddings: number;
}

interface YarnSettings {
  readonly rope_type: 'yarn';
  readonly factor: number;
  readonly original_max_position_embeddings: number;
  readonly beta_fast: number;
  readonly beta_slow: number;
  readonly mscale: number | null;
  readonly mscale_all_dim: number | null;
  readonly attention_factor: number | null;
  readonly truncate: boolean;
}

type Json = Readonly<Record<string, unknown>>;

const DEFAULT_THETA = 10000;
const DEFAULT_BETA_FAST = 32;
const DEFAULT_BETA_SLOW = 1;

/**
 * RoPE of a parsed config.json; `maxPositions` is its max_position_embeddings, `defaultTheta` the base that the family
 * has where the file says none. Throws ModelConfigError.
 */
export function parseRope(json: Json, maxPositions: number, defaultTheta = DEFAULT_THETA): RopeSettings {
  // A non-empty rope_scaling replaces rope_parameters whole; a rope_theta inside either wins over the one beside it.
  const inOldStyle = isRecord(json.rope_scaling) && Object.keys(json.rope_scaling).length > 0;
  const name = inOldStyle ? 'rope_scaling' : 'rope_parameters';
  const values = (inOldStyle ? json.rope_scaling : json.rope_parameters) ?? {};
  if (!isRecord(values)) throw new ModelConfigError(name, values, 'an object or null');
  if (!inOldStyle && (json.rope_scaling ?? null) !== null && !isRecord(json.rope_scaling)) {
    throw new ModelConfigError('rope_scaling', json.rope_scaling, 'an object or null');
  }

  const theta = positive(
    'rope_theta',
    values.rope_theta === undefined ? (json.rope_theta ?? defaultTheta) : values.rope_theta,
  );
  if (theta <= 1) throw new ModelConfigError('rope_theta', theta, 'a number above 1');
  const partial = values.partial_rotary_factor ?? json.partial_rotary_factor ?? 1;
  if (partial !== 1) throw new ModelConfigError('partial_rotary_factor', partial, '1', WRONG_FAMILY);

  return { rope_theta: theta, rope_scaling: parseScaling(name, values, json, maxPositions) };
}

function parseScaling(name: string, values: Json, json: Json, maxPositions: number): ScalingSettings | null {
  const originalLength = () =>
    positive(
      `${name}.original_max_position_embeddings`,
      json.original_max_position_embeddings ?? values.original_max_position_embeddings ?? maxPositions,
    );
  const type = values.rope_type ?? values.type ?? 'default';
  switch (type) {
    case 'default':
      return null;
    case 'linear':
      return { rope_type: 'linear', factor: positive(`${name}.factor`, values.factor) };
    case 'llama3':
      return parseLlama3(name, values, originalLength());
    case 'yarn':
      return parseYarn(name, values, originalLength(), maxPositions);
  }
  throw new ModelConfigError(`${name}.rope_type`, type, '"default", "linear", "llama3" or "yarn"', WRONG_FAMILY);
}

function parseLlama3(name: string, values: Json, originalLength: number): Llama3Settings {
  const numberOf = (key: string) => positive(`${name}.${key}`, values[key]);
  const [low, high] = [numberOf('low_freq_factor'), numberOf('high_freq_factor')];
  if (high <= low)
    throw new ModelConfigError(`${name}.high_freq_factor`, high, `a number above low_freq_factor (${low})`);
  return {
    rope_type: 'llama3',
    factor: numberOf('factor'),
    low_freq_factor: low,
    high_freq_factor: high,
    original_max_position_embeddings: originalLength,
  };
}

function parseYarn(name: string, values: Json, originalLength: number, maxPositions: number): YarnSettings {
  const optional = (key: string) => (values[key] == null ? null : finite(`${name}.${key}`, values[key]));
  // Python takes 0 for "not given" in these.
  const unlessZero = (key: string) => optional(key) || null;
  if (values.factor === undefined) throw new ModelConfigError(`${name}.factor`, undefined, 'a number');
  return {
    rope_type: 'yarn',
    factor: values.factor === null ? maxPositions / originalLength : positive(`${name}.factor`, values.factor),
    original_max_position_embeddings: originalLength,
    beta_fast: positive(`${name}.beta_fast`, unlessZero('beta_fast') ?? DEFAULT_BETA_FAST),
    beta_slow: positive(`${name}.beta_slow`, unlessZero('beta_slow') ?? DEFAULT_BETA_SLOW),
    mscale: unlessZero('mscale'),
    mscale_all_dim: unlessZero('mscale_all_dim'),
    attention_factor: optional('attention_factor'),
    // Missing means true, null means false.
    truncate: values.truncate === undefined ? true : flag(`${name}.truncate`, values.truncate ?? false),
  };
}

/** The RoPE of heads of which `width` numbers turn. */
export function ropeOf({ rope_theta, rope_scaling }: RopeSettings, width: number, isInterleaved: boolean): Rope {
  return { width, theta: rope_theta, isInterleaved, scaling: rope_scaling && scalingOf(rope_scaling) };
}

function scalingOf(settings: ScalingSettings): RopeScaling {
  switch (settings.rope_type) {
    case 'linear':
      return { kind: 'linear', factor: settings.factor };
    case 'llama3':
      return {
        kind: 'llama3',
        factor: settings.factor,
        lowTurns: settings.low_freq_factor,
        highTurns: settings.high_freq_factor,
        originalPositions: settings.original_max_position_embeddings,
      };
    case 'yarn':
      return {
        kind: 'yarn',
        factor: settings.factor,
        originalPositions: settings.original_max_position_embeddings,
        betaFast: settings.beta_fast,
        betaSlow: settings.beta_slow,
        mscale: settings.mscale,
        mscaleAllDim: settings.mscale_all_dim,
        attentionFactor: settings.attention_factor,
        truncate: settings.truncate,
      };
  }
}

/**
 * rope_scaling as config.json has it: `type` is the older spelling of `rope_type`; unset options are left out,
 * `truncate` too unless false.
 */
export function ropeScalingJson({ rope_scaling }: RopeSettings): Record<string, unknown> | null {
  if (rope_scaling === null) return null;
  const set = Object.entries(rope_scaling).filter(
    ([key, value]) => value !== null && !(key === 'truncate' && value === true),
  );
  return { ...Object.fromEntries(set), type: rope_scaling.rope_type };
}

function finite(key: string, value: unknown): number {
  if (typeof value === 'number' && isFloat32(value)) return value + 0;
  throw new ModelConfigError(key, value, `a number ${FLOAT32_RANGE}`);
}

function positive(key: string, value: unknown): number {
  if (finite(key, value) > 0) return value as number;
  throw new ModelConfigError(key, value, 'a number above 0');
}

function flag(key: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new ModelConfigError(key, value, 'true or false');
}
