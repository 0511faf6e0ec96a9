// One optimizer step's worth of GRPO gradient: packs rollouts into batches, runs the objective, gathers the metrics' sums.
// Formulas: TRL 1.13, trl/trainer/grpo_trainer.py, _compute_loss.
import type { Runtime } from '../engine/runtime';
import {
  GRPO_SUMS,
  type GrpoSequence,
  type GrpoSums,
  packGrpoSequences,
  packGrpoSettings,
  unpackGrpoSums,
} from '../kernels/grpoLoss';
import type { SharedText } from '../model/packedBatch';
import type { Weights } from '../model/weights';
import type { GrpoConfig } from './grpoConfig';
import { GrpoProgram, ScoreProgram, TrainingBatch } from './programs';

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

function isSamePrompt(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a.every((id, i) => id === b[i]));
}

/**
 * Splits rollouts, in order, into batches of at most `capacity` tokens. In a batch the prompt of neighbouring rollouts is there
 * once, but for its last token, which each rollout has for itself: it predicts the first token of the completion.
 */
function pack(rollouts: readonly TrainingRollout[], capacity: number): Family[][] {
  const batches: Family[][] = [];
  let room = 0;
  rollouts.forEach((rollout, i) => {
    const length = rollout.prompt.length + rollout.completion.length;
    if (length > capacity) throw new Error(`a rollout of ${length} tokens does not fit a batch of ${capacity}`);
    const batch = batches.at(-1);
    const family = batch?.at(-1);
    const sibling = family && (rollouts[family[0]] as TrainingRollout);
    if (
      batch &&
      family &&
      sibling &&
      isSamePrompt(sibling.prompt, rollout.prompt) &&
      rollout.completion.length < room
    ) {
      batch[batch.length - 1] = [...family, i];
      room -= rollout.completion.length + 1;
      return;
    }
    if (!batch || length > room) {
      batches.push([[i]]);
      room = capacity - length;
      return;
    }
    batch.push([i]);
    room -= length;
  });
  return batches;
}

export class GrpoUpdater {
  private constructor(
    private readonly runtime: Runtime,
    private readonly owner: TrainingBatch,
    private readonly program: GrpoProgram,
    private readonly reference: ScoreProgram | undefined,
    private readonly collected: GPUBuffer,
  ) {}

  /**
   * @param capacity tokens of one packed batch.
   * @param maxRollouts rollouts of one optimizer step.
   * @param reference weights to stay near; needed only where rollouts come without refLogps and beta > 0.
   */
  static async create(
    runtime: Runtime,
    weights: Weights,
    s: { capacity: number; maxRollouts: number; temperature: number; reference?: Weights },
  ): Promise<GrpoUpdater> {
    const owner = new TrainingBatch(runtime, weights, s.capacity);
    const [program, reference] = await Promise.all([
      GrpoProgram.compile(owner, weights, s.maxRollouts, s.temperature),
      s.reference && ScoreProgram.compile(owner, s.reference, s.temperature),
    ]);
    const collected = runtime.device.createBuffer('GrpoUpdater.sums', s.maxRollouts * GRPO_SUMS.length * 4);
    return new GrpoUpdater(runtime, owner, program, reference, collected);
  }

  /** Adds the gradient of one optimizer step to the pool. `isOnPolicy`: the weights have not moved since sampling. */
  async accumulate(
    rollouts: readonly TrainingRollout[],
    options: LossOptions,
    isOnPolicy: boolean,
  ): Promise<GrpoUpdateResult> {
    const lengths = rollouts.map((rollout) => (rollout.isMasked ? 0 : rollout.completion.length));
    const weights = tokenWeights(lengths, options);
    const totalTokens = lengths.reduce((sum, length) => sum + length, 0);
    const order: number[] = [];
    for (const batch of pack(rollouts, this.owner.capacity)) {
      this.#runBatch(batch, rollouts, { lengths, weights, totalTokens, options, isOnPolicy }, order.length);
      order.push(...batch.flat());
    }
    const bytes = rollouts.length * GRPO_SUMS.length * 4;
    const data = await this.runtime.readback.readF32({ buffer: this.collected, offset: 0, size: bytes });
    const sums = unpackGrpoSums(data, rollouts.length);
    return summarize(
      sums,
      order.map((i) => lengths[i] as number),
      options,
    );
  }

  #runBatch(
    families: readonly Family[],
    rollouts: readonly TrainingRollout[],
    s: {
      lengths: readonly number[];
      weights: readonly number[];
      totalTokens: number;
      options: LossOptions;
      isOnPolicy: boolean;
    },
    collectedBefore: number,
  ): void {
    const { device } = this.runtime;
    const { options } = s;
    const batch = families.flat();
    const members = batch.map((i) => rollouts[i] as TrainingRollout);
    const texts = families.map((family): SharedText => {
      const { prompt } = rollouts[family[0]] as TrainingRollout;
      const ends = family.map((i) => [...prompt.slice(-1), ...(rollouts[i] as TrainingRollout).completion]);
      return { prefix: prompt.slice(0, -1), continuations: ends };
    });
    // A rollout's first place holds the prompt's last token, which predicts the completion's first.
    const starts = this.owner.batch.writeShared(texts).flatMap((text) => text.continuations);
    const old = new Float32Array(this.owner.capacity);
    const ref = new Float32Array(this.owner.capacity);
    let hasRef = false;
    const sequences = members.map((rollout, m): GrpoSequence => {
      const first = starts[m] as number;
      const count = s.lengths[batch[m] as number] as number;
      old.set(Array.from(rollout.oldLogps).slice(0, rollout.completion.length), first);
      if (rollout.refLogps) {
        ref.set(Array.from(rollout.refLogps).slice(0, rollout.completion.length), first);
        hasRef = true;
      }
      return { first, count, advantage: rollout.advantage, weight: s.weights[batch[m] as number] as number };
    });
    device.write(this.program.oldLogProbs, old);
    device.write(this.program.sequences, packGrpoSequences(sequences));
    device.write(
      this.program.settings,
      packGrpoSettings({
        numSequences: sequences.length,
        isCispo: options.loss_type === 'cispo',
        isSequenceLevel: options.importance_sampling_level === 'sequence',
        isOnPolicy: s.isOnPolicy,
        isKlCorrected: options.use_bias_correction_kl,
        epsilonLow: options.epsilon,
        epsilonHigh: options.epsilon_high ?? options.epsilon,
        delta: options.delta,
        beta: options.beta,
        entropyWeight: options.entropy_coef / Math.max(1, s.totalTokens),
      }),
    );
    if (options.beta > 0) {
      if (hasRef) device.write(this.program.refLogProbs, ref);
      else this.#scoreReference();
    }
    this.program.submit();
    const encoder = device.gpu.createCommandEncoder({ label: 'GrpoUpdater.collect' });
    const stride = GRPO_SUMS.length * 4;
    encoder.copyBufferToBuffer(this.program.sums, 0, this.collected, collectedBefore * stride, batch.length * stride);
    device.gpu.queue.submit([encoder.finish()]);
  }

  #scoreReference(): void {
    if (!this.reference) throw new Error('beta > 0 needs reference weights or reference log-probabilities');
    this.reference.submit();
    const { buffer, offset, size } = this.reference.logProbRange;
    const encoder = this.runtime.device.gpu.createCommandEncoder({ label: 'GrpoUpdater.reference' });
    encoder.copyBufferToBuffer(buffer, offset, this.program.refLogProbs, 0, size);
    this.runtime.device.gpu.queue.submit([encoder.finish()]);
  }

  /** Tells the program how long an update took, so that it is chopped to fit a frame. */
  tune(elapsedMs: number): void {
    this.program.graph.program.tune(elapsedMs);
  }

  /** Time by kernel of one batch. */
  profile(): Promise<Map<string, { ms: number; count: number }> | undefined> {
    return this.program.graph.program.profile();
  }

  destroy(): void {
    this.program.destroy();
    this.reference?.destroy();
    this.owner.destroy();
    this.runtime.device.destroyBuffer(this.collected);
  }
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
