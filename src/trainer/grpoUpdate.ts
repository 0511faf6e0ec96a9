// One optimizer step's worth of GRPO gradient: packs rollouts into batches, runs the objective, gathers the metrics' sums.
// Formulas: TRL 1.13, trl/trainer/grpo_trainer.py, _compute_loss.
import type { DeviceBuffer, KernelTimes } from '../device/contract';
import type { Runtime } from '../engine/runtime';
import { SlotPool } from '../graph/slotPool';
import { GRPO_SUMS, unpackGrpoSums } from '../kernels/loss/grpoLoss';
import type { Weights } from '../model/weights';
import { type LossOptions, tokenWeights } from './lossWeights';
import { batchTexts, type PackedRollout, packRollouts, type RolloutBatch } from './rolloutBatches';
import { type GrpoUpdateResult, summarize } from './updateMetrics';
import { type ObjectiveSettings, type UpdateMember, UpdatePass, type UpdatePassShape } from './updatePass';

/** A smaller pass than this saves nothing. */
const MIN_CAPACITY = 256;
const MAX_CAPACITIES = 8;

/** A rollout to learn from. */
export interface TrainingRollout extends PackedRollout {
  /** Log-probabilities of the completion under the policy that sampled it, over the whole vocabulary. */
  readonly oldLogps: ArrayLike<number>;
  /** Those by which it was drawn, where top_p or top_k made them others. */
  readonly drawnLogps?: ArrayLike<number>;
  /** Under the reference, where the caller has them; else they are computed from reference weights. */
  readonly refLogps?: ArrayLike<number>;
  readonly advantage: number;
  /** Left out of the loss (truncated, with mask_truncated_completions). */
  readonly isMasked: boolean;
}

/** Where an optimizer step stands in its generation. */
export interface UpdatePlace {
  /** Tokens that count in the whole generation. */
  readonly numItemsInBatch: number;
  /** The only step on its generation: every ratio is 1. */
  readonly isOnPolicy: boolean;
  /** The weights are still those that sampled. */
  readonly isFresh: boolean;
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
    private readonly collected: DeviceBuffer,
    private readonly scored: DeviceBuffer | undefined,
  ) {}

  /**
   * @param capacity tokens of one packed batch.
   * @param maxRollouts rollouts of one optimizer step.
   * @param reference weights to stay near; needed only where rollouts come without refLogps and beta > 0.
   * @param scoredTokens tokens of a generation, packed in any way; needed only for scoreReference.
   */
  static async create(
    runtime: Runtime,
    weights: Weights,
    s: UpdatePassShape & { readonly scoredTokens?: number },
  ): Promise<GrpoUpdater> {
    const slots = new SlotPool(runtime.device, 'GrpoUpdater');
    const passes = await Promise.all(
      capacities(s.capacity).map((capacity) => UpdatePass.create(runtime, weights, { ...s, capacity, slots })),
    );
    const collected = runtime.device.createBuffer('GrpoUpdater.sums', s.maxRollouts * GRPO_SUMS.length * 4);
    const scored = s.scoredTokens && runtime.device.createBuffer('GrpoUpdater.scored', s.scoredTokens * 4);
    return new GrpoUpdater(runtime, passes.reverse(), slots, collected, scored || undefined);
  }

  /** Bytes of the sums of one optimizer step. */
  get sumsBytes(): number {
    return this.collected.size;
  }

  /** Tokens that it has worked through so far. */
  get tokens(): { scoring: number; update: number } {
    const sumOf = (what: 'scoring' | 'update') => this.passes.reduce((sum, { tokens }) => sum + tokens[what], 0);
    return { scoring: sumOf('scoring'), update: sumOf('update') };
  }

  get #scored(): DeviceBuffer {
    if (!this.scored) throw new Error('scoreReference needs scoredTokens');
    return this.scored;
  }

  get #largest(): UpdatePass {
    return this.passes.at(-1) as UpdatePass;
  }

  /** Tokens of a full batch. */
  get capacity(): number {
    return this.#largest.capacity;
  }

  /**
   * Adds the gradient of one optimizer step to the pool. All of it is submitted when the call returns; what it returns
   * is known when the device has done it.
   */
  async accumulate(
    rollouts: readonly TrainingRollout[],
    options: LossOptions,
    place: UpdatePlace,
  ): Promise<GrpoUpdateResult> {
    const startMs = performance.now();
    const lengths = rollouts.map((rollout) => (rollout.isMasked ? 0 : rollout.completion.length));
    const weights = tokenWeights(lengths, place.numItemsInBatch, options);
    const settings = objectiveSettings(options, lengths, place.isOnPolicy);
    const order: number[] = [];
    const used: UpdatePass[] = [];
    for (const batch of packRollouts(rollouts, this.#largest.capacity)) {
      const pass = this.#passFor(batch);
      const indexes = batch.families.flat();
      const members = indexes.map((i): UpdateMember => {
        const { oldLogps, drawnLogps = oldLogps, refLogps, advantage, completion } = rollouts[i] as TrainingRollout;
        const given = { oldLogps, drawnLogps, ...(refLogps && { refLogps }), numTokens: completion.length, advantage };
        return { ...given, count: lengths[i] as number, weight: weights[i] as number };
      });
      pass.submit(batchTexts(batch, rollouts), members, settings);
      this.#collect(pass, order.length, indexes.length);
      order.push(...indexes);
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
      place.isFresh,
    );
  }

  /**
   * Log-probabilities of every completion under the reference as it is now, by rollout. TRL has them once for a generation: what
   * is done to the reference between its optimizer steps does not reach them.
   */
  async scoreReference(rollouts: readonly PackedRollout[]): Promise<Float32Array[]> {
    const { device, readback } = this.runtime;
    const firsts: number[] = [];
    let numTokens = 0;
    for (const batch of packRollouts(rollouts, this.#largest.capacity)) {
      const scored = this.#passFor(batch).scoreReference(batchTexts(batch, rollouts));
      batch.families.flat().forEach((i, m) => {
        firsts[i] = numTokens + (scored.firsts[m] as number);
      });
      const copy = { ...scored.logProbs, size: batch.numTokens * 4 };
      device.transfer('GrpoUpdater.scored', [{ copy, to: { buffer: this.#scored, offset: numTokens * 4 } }]);
      numTokens += batch.numTokens;
    }
    const logps = await readback.readF32({ buffer: this.#scored, offset: 0, size: numTokens * 4 });
    return rollouts.map(({ completion }, i) => {
      const first = firsts[i] as number;
      return logps.slice(first, first + completion.length);
    });
  }

  /** The smallest pass that holds the batch. */
  #passFor({ numTokens }: RolloutBatch): UpdatePass {
    return this.passes.find(({ capacity }) => capacity >= numTokens) ?? this.#largest;
  }

  /** Keeps a pass's sums before the next batch overwrites them. */
  #collect(pass: UpdatePass, first: number, count: number): void {
    const stride = GRPO_SUMS.length * 4;
    const copy = { buffer: pass.sums, offset: 0, size: count * stride };
    const to = { buffer: this.collected, offset: first * stride };
    this.runtime.device.transfer('GrpoUpdater.collect', [{ copy, to }]);
  }

  /** Time by kernel of one full batch. */
  profile(): Promise<KernelTimes | undefined> {
    return this.#largest.profile();
  }

  destroy(): void {
    for (const pass of this.passes) pass.destroy();
    this.slots.destroy();
    for (const buffer of [this.collected, this.scored]) if (buffer) this.runtime.device.destroyBuffer(buffer);
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
