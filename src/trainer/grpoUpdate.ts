// One optimizer step's worth of GRPO gradient: packs rollouts into batches, runs the objective, gathers the metrics' sums.
// Formulas: TRL 1.13, trl/trainer/grpo_trainer.py, _compute_loss.
import type { Runtime } from '../engine/runtime';
import { SlotPool } from '../graph/slotPool';
import { GRPO_SUMS, type GrpoSums, unpackGrpoSums } from '../kernels/grpoLoss';
import type { SharedText } from '../model/packedBatch';
import type { Weights } from '../model/weights';
import type { GrpoConfig } from './grpoConfig';
import { type ObjectiveSettings, type UpdateMember, UpdatePass, type UpdatePassShape } from './updatePass';

/** A smaller pass than this saves nothing. */
const MIN_CAPACITY = 256;
const MAX_CAPACITIES = 8;

/** A rollout to learn from. */
export interface TrainingRollout {
  readonly prompt: readonly number[];
  readonly completion: readonly number[];
  /** Log-probabilities of the completion under the policy that sampled it. */
  readonly oldLogps: ArrayLike<number>;
  /** Under the reference, where the caller has them; else they are computed from reference weights. */
  readonly refLogps?: ArrayLike<number>;
  readonly advantage: number;
  /** Left out of the loss (truncated, with mask_truncated_completions). */
  readonly isMasked: boolean;
}

export type LossOptions = Pick<
  GrpoConfig,
  | 'loss_type'
  | 'importance_sampling_level'
  | 'epsilon'
  | 'epsilon_high'
  | 'delta'
  | 'beta'
  | 'use_bias_correction_kl'
  | 'entropy_coef'
  | 'max_completion_length'
>;

export interface GrpoUpdateResult {
  readonly loss: number;
  /** Under TRL's names. */
  readonly metrics: Record<string, number>;
}

/** What one token's loss is multiplied by, for each rollout: how a loss_type averages. */
function tokenWeights(lengths: readonly number[], options: LossOptions): number[] {
  const total = Math.max(
    1,
    lengths.reduce((sum, length) => sum + length, 0),
  );
  switch (options.loss_type) {
    case 'grpo':
      return lengths.map((length) => 1 / (Math.max(length, 1) * lengths.length));
    case 'dr_grpo':
      return lengths.map(() => 1 / (lengths.length * options.max_completion_length));
    case 'bnpo':
    case 'dapo':
    case 'cispo':
      return lengths.map(() => 1 / total);
  }
}

/** Rollouts, by index, of one prompt that follow one another. */
type Family = readonly [number, ...number[]];

interface Batch {
  readonly families: Family[];
  numTokens: number;
}

function isSamePrompt(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((id, i) => id === b[i]));
}

/**
 * Splits rollouts, in order, into batches of at most `capacity` tokens that are read. In a batch the prompt of neighbouring rollouts
 * is there once, but for its last token, which each rollout has for itself: it predicts the first token of the completion. The
 * completion's last token predicts nothing and is not read.
 */
function pack(rollouts: readonly TrainingRollout[], capacity: number): Batch[] {
  const batches: Batch[] = [];
  rollouts.forEach(({ prompt, completion }, i) => {
    const length = prompt.length - 1 + completion.length;
    if (length > capacity) throw new Error(`a rollout of ${length} tokens does not fit a batch of ${capacity}`);
    const batch = batches.at(-1);
    const room = capacity - (batch?.numTokens ?? capacity);
    const family = batch?.families.at(-1);
    const isSibling = family && isSamePrompt((rollouts[family[0]] as TrainingRollout).prompt, prompt);
    if (batch && family && isSibling && completion.length <= room) {
      batch.families[batch.families.length - 1] = [...family, i];
      batch.numTokens += completion.length;
    } else if (batch && length <= room) {
      batch.families.push([i]);
      batch.numTokens += length;
    } else {
      batches.push({ families: [[i]], numTokens: length });
    }
  });
  return batches;
}

/** Capacities of the passes of an updater, largest first: a batch goes through the smallest that holds it. */
function capacities(largest: number): number[] {
  const steps = Math.max(1, Math.min(MAX_CAPACITIES, Math.floor(largest / MIN_CAPACITY)));
  return Array.from({ length: steps }, (_, i) => Math.ceil((largest * (steps - i)) / steps));
}

export class GrpoUpdater {
  /** When the last update was found done, as performance.now() tells. */
  #doneMs = 0;

  private constructor(
    private readonly runtime: Runtime,
    /** From the smallest to the largest. */
    private readonly passes: readonly UpdatePass[],
    private readonly slots: SlotPool,
    private readonly collected: GPUBuffer,
  ) {}

  /**
   * @param capacity tokens of one packed batch.
   * @param maxRollouts rollouts of one optimizer step.
   * @param reference weights to stay near; needed only where rollouts come without refLogps and beta > 0.
   */
  static async create(runtime: Runtime, weights: Weights, s: UpdatePassShape): Promise<GrpoUpdater> {
    const slots = new SlotPool(runtime.device, 'GrpoUpdater');
    const passes = await Promise.all(
      capacities(s.capacity).map((capacity) => UpdatePass.create(runtime, weights, { ...s, capacity, slots })),
    );
    const collected = runtime.device.createBuffer('GrpoUpdater.sums', s.maxRollouts * GRPO_SUMS.length * 4);
    return new GrpoUpdater(runtime, passes.reverse(), slots, collected);
  }

  /** Bytes of the sums of one optimizer step. */
  get sumsBytes(): number {
    return this.collected.size;
  }

  get #largest(): UpdatePass {
    return this.passes.at(-1) as UpdatePass;
  }

  /** Tokens of a full batch. */
  get capacity(): number {
    return this.#largest.capacity;
  }

  /**
   * Adds the gradient of one optimizer step to the pool. All of it is submitted when the call returns; what it returns is known when
   * the device has done it. `isOnPolicy`: the weights have not moved since sampling.
   */
  async accumulate(
    rollouts: readonly TrainingRollout[],
    options: LossOptions,
    isOnPolicy: boolean,
  ): Promise<GrpoUpdateResult> {
    const startMs = performance.now();
    const lengths = rollouts.map((rollout) => (rollout.isMasked ? 0 : rollout.completion.length));
    const weights = tokenWeights(lengths, options);
    const settings = objectiveSettings(options, lengths, isOnPolicy);
    const order: number[] = [];
    const used: UpdatePass[] = [];
    for (const { families, numTokens } of pack(rollouts, this.#largest.capacity)) {
      const pass = this.passes.find(({ capacity }) => capacity >= numTokens) ?? this.#largest;
      const batch = families.flat();
      const texts = families.map((family): SharedText => {
        const { prompt } = rollouts[family[0]] as TrainingRollout;
        const ends = family.map((i) => [...prompt.slice(-1), ...(rollouts[i] as TrainingRollout).completion]);
        return { prefix: prompt.slice(0, -1), continuations: ends };
      });
      const members = batch.map((i): UpdateMember => {
        const { oldLogps, refLogps, advantage, completion } = rollouts[i] as TrainingRollout;
        const given = { oldLogps, ...(refLogps && { refLogps }), numTokens: completion.length, advantage };
        return { ...given, count: lengths[i] as number, weight: weights[i] as number };
      });
      pass.submit(texts, members, settings);
      this.#collect(pass, order.length, batch.length);
      order.push(...batch);
      used.push(pass);
    }
    const bytes = rollouts.length * GRPO_SUMS.length * 4;
    const data = await this.runtime.readback.readF32({ buffer: this.collected, offset: 0, size: bytes });
    const busySinceMs = Math.max(startMs, this.#doneMs);
    this.#doneMs = performance.now();
    const msPerToken = (this.#doneMs - busySinceMs) / used.reduce((sum, pass) => sum + pass.capacity, 0);
    for (const pass of this.passes) pass.tune(msPerToken * pass.capacity);
    const sums = unpackGrpoSums(data, rollouts.length);
    return summarize(
      sums,
      order.map((i) => lengths[i] as number),
      options,
    );
  }

  /** Keeps a pass's sums before the next batch overwrites them. */
  #collect(pass: UpdatePass, first: number, count: number): void {
    const { device } = this.runtime;
    const encoder = device.gpu.createCommandEncoder({ label: 'GrpoUpdater.collect' });
    const stride = GRPO_SUMS.length * 4;
    encoder.copyBufferToBuffer(pass.sums, 0, this.collected, first * stride, count * stride);
    device.submit(encoder);
  }

  /** Time by kernel of one full batch. */
  profile(): Promise<Map<string, { ms: number; count: number }> | undefined> {
    return this.#largest.profile();
  }

  destroy(): void {
    for (const pass of this.passes) pass.destroy();
    this.slots.destroy();
    this.runtime.device.destroyBuffer(this.collected);
  }
}

function objectiveSettings(options: LossOptions, lengths: readonly number[], isOnPolicy: boolean): ObjectiveSettings {
  const totalTokens = lengths.reduce((sum, length) => sum + length, 0);
  return {
    isCispo: options.loss_type === 'cispo',
    isSequenceLevel: options.importance_sampling_level === 'sequence',
    isOnPolicy,
    isKlCorrected: options.use_bias_correction_kl,
    epsilonLow: options.epsilon,
    epsilonHigh: options.epsilon_high ?? options.epsilon,
    delta: options.delta,
    beta: options.beta,
    entropyWeight: options.entropy_coef / Math.max(1, totalTokens),
  };
}

/** TRL's metrics of an update, from sums by rollout. */
function summarize(sums: readonly GrpoSums[], lengths: readonly number[], options: LossOptions): GrpoUpdateResult {
  const total = Math.max(
    1,
    lengths.reduce((sum, length) => sum + length, 0),
  );
  const add = (key: keyof GrpoSums) => sums.reduce((sum, s, i) => sum + (lengths[i] ? s[key] : 0), 0);
  const loss = add('loss');
  const entropy = add('entropy') / total;
  const metrics: Record<string, number> = { loss, entropy };
  if (options.beta > 0) metrics.kl = add('kl') / total;
  if (options.entropy_coef !== 0) {
    metrics.policy_loss = loss + options.entropy_coef * entropy;
    metrics.entropy_coef = options.entropy_coef;
  }
  metrics['sampling/sampling_logp_difference/mean'] = add('samplingDifference') / total;
  metrics['sampling/sampling_logp_difference/max'] = Math.max(
    0,
    ...sums.map((s, i) => (lengths[i] ? s.samplingDifferenceMax : 0)),
  );
  Object.assign(metrics, clipMetrics(sums, lengths, options, total));
  return { loss, metrics };
}

function clipMetrics(
  sums: readonly GrpoSums[],
  lengths: readonly number[],
  options: LossOptions,
  totalTokens: number,
): Record<string, number> {
  const isSequenceLevel = options.importance_sampling_level === 'sequence';
  // At sequence level there is one ratio a sequence, and TRL averages over sequences, whatever their length or mask.
  const shares = (key: 'clippedLow' | 'clippedHigh') =>
    sums.map((s, i) => {
      const length = lengths[i] as number;
      if (isSequenceLevel) return length > 0 && s[key] > 0 ? 1 : 0;
      return length > 0 ? s[key] / length : Number.NaN;
    });
  const mean = (key: 'clippedLow' | 'clippedHigh') => {
    if (isSequenceLevel) return shares(key).reduce((sum, share) => sum + share, 0) / Math.max(1, sums.length);
    return sums.reduce((sum, s, i) => sum + (lengths[i] ? s[key] : 0), 0) / totalTokens;
  };
  if (options.loss_type === 'cispo') return { cispo_clip_ratio: mean('clippedHigh') };
  const low = shares('clippedLow').filter((share) => !Number.isNaN(share));
  const high = shares('clippedHigh').filter((share) => !Number.isNaN(share));
  return {
    'clip_ratio/low_mean': mean('clippedLow'),
    'clip_ratio/high_mean': mean('clippedHigh'),
    'clip_ratio/region_mean': mean('clippedLow') + mean('clippedHigh'),
    ...(low.length > 0 && { 'clip_ratio/low_min': Math.min(...low), 'clip_ratio/high_max': Math.max(...high) }),
  };
}
