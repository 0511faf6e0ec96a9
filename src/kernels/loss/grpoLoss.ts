// The GRPO loss: slopes for the backward pass, sums for the metrics.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';

/** Order of the numbers in a sequence's sums. */
export const GRPO_SUMS = [
  'loss',
  'kl',
  'entropy',
  'clippedLow',
  'clippedHigh',
  'samplingDifference',
  'samplingDifferenceMax',
  'gamma',
  'undecided',
  'undecidedEntropy',
] as const;

export type GrpoSums = Record<(typeof GRPO_SUMS)[number], number>;

/** One sequence: where its counted places start, how many, its advantage, and what one token's loss is multiplied by. */
export interface GrpoSequence {
  readonly first: number;
  readonly count: number;
  readonly advantage: number;
  readonly weight: number;
}

/** As `struct Settings` of grpo_loss.wgsl. */
export interface GrpoLossSettings {
  readonly numSequences: number;
  /** Which of the shader's terms is the policy's. */
  readonly policyTerm: number;
  readonly isSequenceLevel: boolean;
  readonly isOnPolicy: boolean;
  readonly isKlCorrected: boolean;
  readonly epsilonLow: number;
  readonly epsilonHigh: number;
  readonly delta: number | null;
  readonly beta: number;
  /** entropy_coef over the number of tokens that it acts on. */
  readonly entropyWeight: number;
  /** Of an encouraged answer's term and of a discouraged one's: (temperature, 0) of a gate, (k, λ) of a weight. */
  readonly shapeUp: readonly [number, number];
  readonly shapeDown: readonly [number, number];
  /** Nats a token; null for none. */
  readonly offPolicyThreshold: number | null;
  /** Nats; null for none. */
  readonly leastEntropy: number | null;
}

export const GRPO_SETTINGS_BYTES = 64;
/** No entropy is below it. */
const NO_ENTROPY = -1;

export const GRPO_SEQUENCE_BYTES = 16;

export function packGrpoSettings(s: GrpoLossSettings): Uint32Array {
  const flags = [s.numSequences, s.policyTerm, s.isSequenceLevel, s.isOnPolicy, s.isKlCorrected].map(Number);
  const numbers = new Float32Array([
    ...[s.epsilonLow, s.epsilonHigh, s.delta ?? 0, s.beta, s.entropyWeight],
    ...[...s.shapeUp, ...s.shapeDown, s.offPolicyThreshold ?? 0, s.leastEntropy ?? NO_ENTROPY],
  ]);
  return new Uint32Array([...flags, ...new Uint32Array(numbers.buffer)]);
}

export function packGrpoSequences(sequences: readonly GrpoSequence[]): Uint32Array {
  const words = new Uint32Array(sequences.length * 4);
  const floats = new Float32Array(words.buffer);
  sequences.forEach((s, i) => {
    words[i * 4] = s.first;
    words[i * 4 + 1] = s.count;
    floats[i * 4 + 2] = s.advantage;
    floats[i * 4 + 3] = s.weight;
  });
  return words;
}

/** Takes apart the sums that the kernel wrote. */
export function unpackGrpoSums(data: Float32Array, numSequences: number): GrpoSums[] {
  return Array.from({ length: numSequences }, (_, i) => {
    const values = data.subarray(i * GRPO_SUMS.length, (i + 1) * GRPO_SUMS.length);
    return Object.fromEntries(GRPO_SUMS.map((name, j) => [name, values[j] ?? 0])) as GrpoSums;
  });
}

/**
 * old_log_prob: (N, 2), the old policy's and the sampler's own. slopes must be zero on entry; sums: (maxSequences) of
 * GRPO_SUMS.
 */
export function grpoLoss<T>(
  maxSequences: number,
  bindings: {
    settings: T;
    sequences: T;
    log_prob: T;
    entropy: T;
    old_log_prob: T;
    ref_log_prob: T;
    slopes: T;
    sums: T;
  },
): Dispatch<T> {
  const params = { max_sequences: maxSequences };
  return {
    label: 'GrpoLoss.slopes',
    kernel: { shader: 'grpo_loss' },
    params,
    bindings,
    workgroups: grid(maxSequences),
  };
}
