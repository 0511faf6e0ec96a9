// The loss of pairs of which one is preferred: slopes for the backward pass, sums for the metrics.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';

/** Order of the numbers in a pair's sums. */
export const PREFERENCE_SUMS = ['loss', 'chosen', 'rejected'] as const;

export type PreferenceSums = Record<(typeof PREFERENCE_SUMS)[number], number>;

/** Numbers that are summed, and what is taken from the sum. */
export interface PreferenceSide {
  readonly first: number;
  readonly count: number;
  readonly offset: number;
}

export interface PreferencePair {
  readonly chosen: PreferenceSide;
  readonly rejected: PreferenceSide;
}

/** As `struct Settings` of preference_loss.wgsl. */
export interface PreferenceLossSettings {
  readonly numPairs: number;
  /** Which of the shader's terms is meant. */
  readonly term: number;
  /** A side's score is divided by its count. */
  readonly isMean: boolean;
  readonly beta: number;
  readonly labelSmoothing: number;
  /** TRL's center_rewards_coefficient. */
  readonly center: number;
  /** What a pair's loss is multiplied by. */
  readonly weight: number;
}

export const PREFERENCE_SETTINGS_BYTES = 28;
export const PREFERENCE_PAIR_BYTES = 24;

export function packPreferenceSettings(s: PreferenceLossSettings): Uint32Array {
  const numbers = new Float32Array([s.beta, s.labelSmoothing, s.center, s.weight]);
  return new Uint32Array([s.numPairs, s.term, Number(s.isMean), ...new Uint32Array(numbers.buffer)]);
}

export function packPreferencePairs(pairs: readonly PreferencePair[]): Uint32Array {
  const words = new Uint32Array(pairs.length * 6);
  const floats = new Float32Array(words.buffer);
  pairs.forEach(({ chosen, rejected }, i) => {
    words.set([chosen.first, chosen.count, rejected.first, rejected.count], i * 6);
    floats.set([chosen.offset, rejected.offset], i * 6 + 4);
  });
  return words;
}

/** Takes apart the sums that the kernel wrote. */
export function unpackPreferenceSums(data: Float32Array, numPairs: number): PreferenceSums[] {
  return Array.from({ length: numPairs }, (_, i) => {
    const [loss = 0, chosen = 0, rejected = 0] = data.subarray(i * 3, i * 3 + 3);
    return { loss, chosen, rejected };
  });
}

/** x (N) → slopes (N, slopeStride), which must be zero on entry; sums: (maxPairs) of PREFERENCE_SUMS. */
export function preferenceLoss<T>(
  s: { readonly maxPairs: number; readonly slopeStride: number },
  bindings: { settings: T; pairs: T; x: T; slopes: T; sums: T },
): Dispatch<T> {
  return {
    label: 'PreferenceLoss.slopes',
    kernel: { shader: 'preference_loss' },
    params: { max_pairs: s.maxPairs, slope_stride: s.slopeStride },
    bindings,
    workgroups: grid(s.maxPairs),
  };
}
