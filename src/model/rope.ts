// Angles of rotary position embedding, and the factors that YaRN puts on them and on attention scores.
import type { Rope, RopeScaling, YarnScaling } from './architecture';

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

/** The angle per position of each of the width / 2 pairs. */
export function ropeFrequencies({ width, theta, scaling }: Rope): Float64Array {
  const plain = Float64Array.from({ length: width / 2 }, (_, i) => theta ** ((-2 * i) / width));
  return scaling === null ? plain : yarnFrequencies(plain, width, theta, scaling);
}

function yarnFrequencies(plain: Float64Array, width: number, theta: number, yarn: YarnScaling): Float64Array {
  // The dimension whose pair makes `turns` turns within the original context.
  const correction = (turns: number) =>
    (width * Math.log(yarn.originalPositions / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const low = Math.max(yarn.truncate ? Math.floor(correction(yarn.betaFast)) : correction(yarn.betaFast), 0);
  let high = Math.min(yarn.truncate ? Math.ceil(correction(yarn.betaSlow)) : correction(yarn.betaSlow), width - 1);
  if (low === high) high += 0.001;
  return plain.map((frequency, i) => {
    const ramp = Math.min(Math.max((i - low) / (high - low), 0), 1);
    return (frequency / yarn.factor) * ramp + frequency * (1 - ramp);
  });
}

/** The factor on cos and sin: 1 without YaRN, else attentionFactor or what mscale and mscaleAllDim imply. */
export function ropeAttentionFactor(yarn: RopeScaling | null): number {
  if (yarn === null) return 1;
  if (yarn.attentionFactor !== null) return yarn.attentionFactor;
  if (yarn.mscale && yarn.mscaleAllDim)
    return yarnMscale(yarn.factor, yarn.mscale) / yarnMscale(yarn.factor, yarn.mscaleAllDim);
  return yarnMscale(yarn.factor, 1);
}

/** The factor on attention scores in latent attention: m² where mscaleAllDim is set. */
export function yarnScale(yarn: RopeScaling | null): number {
  return yarn?.mscaleAllDim ? yarnMscale(yarn.factor, yarn.mscaleAllDim) ** 2 : 1;
}

/** cos and sin for positions 0 … maxPositions − 1. */
export function ropeTable(rope: Rope, maxPositions: number): RopeTable {
  const frequencies = ropeFrequencies(rope);
  const factor = ropeAttentionFactor(rope.scaling);
  const pairs = frequencies.length;
  // Rounded as transformers rounds: frequencies and angles are float32 there, which shows at late positions.
  const angle = (i: number) => Math.fround(Math.floor(i / pairs) * Math.fround(frequencies[i % pairs] as number));
  return {
    cos: Float64Array.from({ length: maxPositions * pairs }, (_, i) => factor * Math.cos(angle(i))),
    sin: Float64Array.from({ length: maxPositions * pairs }, (_, i) => factor * Math.sin(angle(i))),
    pairs,
  };
}
