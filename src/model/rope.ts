// Angles of rotary position embedding, and the factors that YaRN puts on them and on attention scores.
import type { Llama3Scaling, Rope, RopeScaling, YarnScaling } from './architecture';

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

/** The angle per position of each of the width / 2 pairs, as transformers' modeling_rope_utils has it. */
export function ropeFrequencies({ width, theta, scaling }: Rope): Float64Array {
  const plain = Float64Array.from({ length: width / 2 }, (_, i) => theta ** ((-2 * i) / width));
  switch (scaling?.kind) {
    case undefined:
      return plain;
    case 'linear':
      return plain.map((frequency) => frequency / scaling.factor);
    case 'llama3':
      return plain.map((frequency) => llama3Frequency(frequency, scaling));
    case 'yarn':
      return yarnFrequencies(plain, width, theta, scaling);
  }
}

function llama3Frequency(frequency: number, { factor, lowTurns, highTurns, originalPositions }: Llama3Scaling): number {
  const turns = (originalPositions * frequency) / (2 * Math.PI);
  if (turns < lowTurns) return frequency / factor;
  if (turns > highTurns) return frequency;
  const kept = (turns - lowTurns) / (highTurns - lowTurns);
  return ((1 - kept) * frequency) / factor + kept * frequency;
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
export function ropeAttentionFactor(scaling: RopeScaling | null): number {
  if (scaling?.kind !== 'yarn') return 1;
  const { factor, mscale, mscaleAllDim, attentionFactor } = scaling;
  if (attentionFactor !== null) return attentionFactor;
  if (mscale && mscaleAllDim) return yarnMscale(factor, mscale) / yarnMscale(factor, mscaleAllDim);
  return yarnMscale(factor, 1);
}

/** The factor on attention scores in latent attention: m² where mscaleAllDim is set. */
export function yarnScale(scaling: RopeScaling | null): number {
  if (scaling?.kind !== 'yarn' || !scaling.mscaleAllDim) return 1;
  return yarnMscale(scaling.factor, scaling.mscaleAllDim) ** 2;
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
