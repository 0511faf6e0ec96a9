// One optimizer step's worth of gradient from preferred pairs.
import type { DeviceBuffer, KernelTimes } from '../../device/contract';
import type { Runtime } from '../../engine/runtime';
import { PREFERENCE_SUMS, type PreferenceSums, unpackPreferenceSums } from '../../kernels/loss/preferenceLoss';
import type { WeightPrecision } from '../../model/precision';
import type { Weights } from '../../model/weights';
import {
  Preference,
  type PreferenceMember,
  type PreferenceScore,
  type PreferenceSettings,
} from '../objectives/preference';
import { writeBatch } from '../packing';
import { ScorePass } from '../scorePass';
import type { Gradient } from '../trainer';
import { TrainingBatch, TrainingPass } from '../trainingPass';
import { type PreferencePair, packPairs } from './pairs';

export interface PreferenceShape {
  /** Tokens of one packed batch. */
  readonly capacity: number;
  /** Pairs of one optimizer step. */
  readonly maxPairs: number;
  readonly score: PreferenceScore;
  readonly gradientCheckpointing?: boolean;
  /** What the model's weights are read in. */
  readonly precision: WeightPrecision;
}

export interface PreferenceWork {
  readonly pairs: readonly PreferencePair[];
  readonly settings: PreferenceSettings;
}

const STRIDE = PREFERENCE_SUMS.length * 4;

export class PreferenceGradient implements Gradient<PreferenceWork, Promise<PreferenceSums[]>> {
  private constructor(
    private readonly runtime: Runtime,
    private readonly owner: TrainingBatch,
    private readonly objective: Preference,
    private readonly pass: TrainingPass<PreferenceMember, PreferenceSettings>,
    private readonly collected: DeviceBuffer,
  ) {}

  static async create(
    runtime: Runtime,
    weights: Weights,
    s: Omit<PreferenceShape, 'precision'>,
  ): Promise<PreferenceGradient> {
    const { device } = runtime;
    const owner = new TrainingBatch(runtime, weights, s.capacity);
    const objective = new Preference(device, { rows: s.capacity, maxPairs: s.maxPairs, score: s.score });
    const pass = await TrainingPass.compile(owner, weights, objective, s.gradientCheckpointing);
    const collected = device.createBuffer('PreferenceGradient.sums', s.maxPairs * STRIDE);
    return new PreferenceGradient(runtime, owner, objective, pass, collected);
  }

  get sumsBytes(): number {
    return this.collected.size;
  }

  /** What it returns, by pair in their order, is known when the device has done the work. */
  async accumulate({ pairs, settings }: PreferenceWork): Promise<PreferenceSums[]> {
    const { device, readback } = this.runtime;
    const members = pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]);
    let done = 0;
    for (const batch of packPairs(pairs, this.pass.capacity)) {
      this.pass.write(batch, members, settings);
      this.pass.submit(settings);
      const count = batch.members.length / 2;
      // Kept before the next batch overwrites them.
      const copy = { buffer: this.objective.sums, offset: 0, size: count * STRIDE };
      device.transfer('PreferenceGradient.collect', [{ copy, to: { buffer: this.collected, offset: done * STRIDE } }]);
      done += count;
    }
    const data = await readback.readF32({ buffer: this.collected, offset: 0, size: pairs.length * STRIDE });
    return unpackPreferenceSums(data, pairs.length);
  }

  profile(): Promise<KernelTimes | undefined> {
    return this.pass.profile();
  }

  destroy(): void {
    this.pass.destroy();
    this.owner.destroy();
    this.runtime.device.destroyBuffer(this.collected);
  }
}

/**
 * The pairs with the log-probabilities of their completions under some weights as what is taken from their scores: DPO's
 * reference, looked at once before the first step (TRL's precompute_ref_log_probs).
 */
export async function withReference(
  runtime: Runtime,
  weights: Weights,
  pairs: readonly PreferencePair[],
  capacity: number,
): Promise<PreferencePair[]> {
  const owner = await runtime.device.guardMemory(() => new TrainingBatch(runtime, weights, capacity));
  const pass = await ScorePass.compile(owner, weights);
  const members = pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]);
  const sums: number[] = [];
  try {
    for (const batch of packPairs(pairs, capacity)) {
      const firsts = writeBatch(owner.batch, batch, members);
      pass.submit();
      const logps = await pass.readLogProbs();
      for (const [m, first] of firsts.entries()) {
        const index = batch.members[m] as number;
        const { length } = (members[index] as PreferenceMember).completion;
        sums[index] = logps.subarray(first, first + length).reduce((sum, logp) => sum + logp, 0);
      }
    }
  } finally {
    pass.destroy();
    owner.destroy();
  }
  return withOffsets(pairs, sums);
}

/** Two numbers a pair, chosen first. */
export function withOffsets(pairs: readonly PreferencePair[], offsets: ArrayLike<number>): PreferencePair[] {
  return pairs.map(({ chosen, rejected }, i) => ({
    chosen: { ...chosen, offset: offsets[2 * i] as number },
    rejected: { ...rejected, offset: offsets[2 * i + 1] as number },
  }));
}
