// Angles of rotary position embedding (Su et al., arXiv 2104.09864), with YaRN (Peng et al., arXiv 2309.00071), and the
// scale of attention scores that goes with them.
import type { ModelConfig } from './config';

/** cos and sin of every position's angles, each (positions, pairs). */
export interface RopeTable {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
  readonly pairs: number;
}

/** YaRN's magnitude correction: 0.1 · mscale · ln(factor) + 1, and 1 when nothing is stretched. */
function yarnMscale(factor: number, mscale: number): number {
  return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1;
}

/** The angle per position of each of the qk_rope_head_dim / 2 pairs. */
export function ropeFrequencies(config: ModelConfig): Float64Array {
  const dim = config.qk_rope_head_dim;
  const base = config.rope_theta;
  const plain = Float64Array.from({ length: dim / 2 }, (_, i) => base ** ((-2 * i) / dim));
  const yarn = config.rope_scaling;
  if (yarn === null) return plain;

  // The dimension whose pair makes `turns` turns within the original context.
  const correction = (turns: number) =>
    (dim * Math.log(yarn.original_max_position_embeddings / (turns * 2 * Math.PI))) / (2 * Math.log(base));
  const low = Math.max(yarn.truncate ? Math.floor(correction(yarn.beta_fast)) : correction(yarn.beta_fast), 0);
  let high = Math.min(yarn.truncate ? Math.ceil(correction(yarn.beta_slow)) : correction(yarn.beta_slow), dim - 1);
  if (low === high) high += 0.001;
  return plain.map((frequency, i) => {
    const ramp = Math.min(Math.max((i - low) / (high - low), 0), 1);
    return (frequency / yarn.factor) * ramp + frequency * (1 - ramp);
  });
}

/** The factor on cos and sin: 1 without YaRN, else attention_factor or what mscale and mscale_all_dim imply. */
export function ropeAttentionFactor(config: ModelConfig): number {
  const yarn = config.rope_scaling;
  if (yarn === null) return 1;
  if (yarn.attention_factor !== null) return yarn.attention_factor;
  if (yarn.mscale && yarn.mscale_all_dim) {
    return yarnMscale(yarn.factor, yarn.mscale) / yarnMscale(yarn.factor, yarn.mscale_all_dim);
  }
  return yarnMscale(yarn.factor, 1);
}

/** cos and sin for positions 0 … maxPositions − 1. */
export function ropeTable(config: ModelConfig, maxPositions: number): RopeTable {
  const frequencies = ropeFrequencies(config);
  const factor = ropeAttentionFactor(config);
  const pairs = frequencies.length;
  // Rounded as transformers rounds: frequencies and angles are float32 there, which shows at late positions.
  const angle = (i: number) => Math.fround(Math.floor(i / pairs) * Math.fround(frequencies[i % pairs] as number));
  return {
    cos: Float64Array.from({ length: maxPositions * pairs }, (_, i) => factor * Math.cos(angle(i))),
    sin: Float64Array.from({ length: maxPositions * pairs }, (_, i) => factor * Math.sin(angle(i))),
    pairs,
  };
}

/** The factor on attention scores: (dn + dr)^−½, times YaRN's m² when mscale_all_dim is set. */
export function attentionScale(config: ModelConfig): number {
  const scale = (config.qk_nope_head_dim + config.qk_rope_head_dim) ** -0.5;
  const yarn = config.rope_scaling;
  return yarn?.mscale_all_dim ? scale * yarnMscale(yarn.factor, yarn.mscale_all_dim) ** 2 : scale;
}
