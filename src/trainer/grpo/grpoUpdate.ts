// One optimizer step's worth of GRPO gradient: packs rollouts into batches, runs the objective, gathers the metrics' sums.
// Formulas: TRL 1.13, trl/trainer/grpo_trainer.py, _compute_loss.
import type { BufferRange, DeviceBuffer, KernelTimes } from '../../device/contract';
import type { Runtime } from '../../engine/runtime';
import { SlotPool } from '../../graph/slotPool';
import { GRPO_SUMS, unpackGrpoSums } from '../../kernels/loss/grpoLoss';
import type { Weights } from '../../model/weights';
import { Grpo, type GrpoMember, type GrpoSettings } from '../objectives/grpo';
import { LOSS_TYPES, POLICY_TERMS, termShapes } from '../objectives/lossTypes';
import { pack, type Sequence, type SequenceBatch, writeBatch } from '../packing';
import { ScorePass } from '../scorePass';
import type { Gradient } from '../trainer';
import { TrainingBatch, TrainingPass } from '../trainingPass';
import { type EntropyCut, entropyCut } from './entropyCut';
import { type LossOptions, tokenWeights } from './lossWeights';
import { type GrpoUpdateResult, summarize } from './updateMetrics';

/** A smaller pass than this saves nothing. */
const MIN_CAPACITY = 256;
const MAX_CAPACITIES = 8;

/** A rollout to learn from. */
export interface TrainingRollout extends Sequence {
  /** Log-probabilities of the completion under the policy that sampled it, over the whole vocabulary. */
  readonly oldLogps: ArrayLike<number>;
  /** Those by which it was drawn, where top_p or top_k made them others. */
  readonly drawnLogps?: ArrayLike<number>;
  /** Under the reference, where the caller has them; else they are computed from reference weights. */
  readonly refLogps?: ArrayLike<number>;
  /** Of the policy that sampled, at the completion's places, in nats. Where not given, they are computed if needed. */
  readonly entropies?: ArrayLike<number>;
  readonly advantage: number;
  /** Left out of the loss (truncated, with mask_truncated_completions). */
  readonly isMasked: boolean;
}

/** The rollouts of an optimizer step, and where it stands in its generation. */
export interface GrpoWork {
  readonly rollouts: readonly TrainingRollout[];
  readonly options: LossOptions;
  /** Tokens that count in the whole generation. */
  readonly numItemsInBatch: number;
  /** The only step on its generation: every ratio is 1. */
  readonly isOnPolicy: boolean;
  /** The weights are still those that sampled. */
  readonly isFresh: boolean;
  /** Which tokens count by their entropy; all where it is absent. */
  readonly cut?: EntropyCut | undefined;
}

/** Capacities of the passes of an updater, largest first: a batch goes through the smallest that holds it. */
function capacities(largest: number): number[] {
  const steps = Math.max(1, Math.min(MAX_CAPACITIES, Math.floor(largest / MIN_CAPACITY)));
  return Array.from({ length: steps }, (_, i) => Math.ceil((largest * (steps - i)) / steps));
}

export interface UpdaterShape {
  /** Tokens of one packed batch. */
  readonly capacity: number;
  /** Rollouts of one optimizer step. */
  readonly maxRollouts: number;
  readonly temperature: number;
  /** Computes each layer again in the backward pass, so that its inside need not be kept. */
  readonly gradientCheckpointing?: boolean;
  /** Weights to stay near; needed only where rollouts come without refLogps and beta > 0. */
  readonly reference?: Weights;
  /** Tokens of a generation, packed in any way; needed only for scoreReference and for entropies that are not given. */
  readonly scoredTokens?: number;
  /** Whether entropies may have to be computed. */
  readonly scoresEntropies?: boolean;
}

/** The passes of one capacity. */
interface Rung {
  readonly owner: TrainingBatch;
  readonly objective: Grpo;
  readonly pass: TrainingPass<GrpoMember, GrpoSettings>;
  readonly reference: ScorePass | undefined;
  /** Under the weights that are trained. */
  readonly own: ScorePass | undefined;
}

async function compileRung(
  runtime: Runtime,
  weights: Weights,
  slots: SlotPool,
  capacity: number,
  s: UpdaterShape,
): Promise<Rung> {
  const { maxRollouts, temperature } = s;
  const owner = new TrainingBatch(runtime, weights, capacity, slots);
  const reference = s.reference && (await ScorePass.compile(owner, s.reference, { temperature }));
  const own = s.scoresEntropies ? await ScorePass.compile(owner, weights, { temperature }) : undefined;
  const objective = new Grpo(runtime.device, { rows: capacity, maxRollouts, temperature, reference });
  const pass = await TrainingPass.compile(owner, weights, objective, s.gradientCheckpointing);
  return { owner, objective, pass, reference, own };
}

export class GrpoUpdater implements Gradient<GrpoWork, Promise<GrpoUpdateResult>> {
  /** Tokens that it has worked through so far. */
  readonly tokens = { scoring: 0, update: 0 };
  /** When the last update was found done, as performance.now() tells. */
  #doneMs = 0;

  private constructor(
    private readonly runtime: Runtime,
    /** From the smallest to the largest. */
    private readonly rungs: readonly Rung[],
    private readonly slots: SlotPool,
    private readonly collected: DeviceBuffer,
    private readonly scored: DeviceBuffer | undefined,
  ) {}

  static async create(runtime: Runtime, weights: Weights, s: UpdaterShape): Promise<GrpoUpdater> {
    const slots = new SlotPool(runtime.device, 'GrpoUpdater');
    const rungs = await Promise.all(
      capacities(s.capacity).map((capacity) => compileRung(runtime, weights, slots, capacity, s)),
    );
    const collected = runtime.device.createBuffer('GrpoUpdater.sums', s.maxRollouts * GRPO_SUMS.length * 4);
    const scored = s.scoredTokens && runtime.device.createBuffer('GrpoUpdater.scored', s.scoredTokens * 4);
    return new GrpoUpdater(runtime, rungs.reverse(), slots, collected, scored || undefined);
  }

  /** Bytes of the sums of one optimizer step. */
  get sumsBytes(): number {
    return this.collected.size;
  }

  get #scored(): DeviceBuffer {
    if (!this.scored) throw new Error('scoreReference needs scoredTokens');
    return this.scored;
  }

  get #largest(): Rung {
    return this.rungs.at(-1) as Rung;
  }

  /** Tokens of a full batch. */
  get capacity(): number {
    return this.#largest.pass.capacity;
  }

  /** What it returns is known when the device has done the work. */
  async accumulate({ rollouts, options, ...place }: GrpoWork): Promise<GrpoUpdateResult> {
    const startMs = performance.now();
    const lengths = rollouts.map((rollout) => (rollout.isMasked ? 0 : rollout.completion.length));
    const weights = tokenWeights(lengths, place.numItemsInBatch, options);
    const settings = objectiveSettings(options, lengths, place);
    const members = rollouts.map(
      (rollout, i): GrpoMember => ({
        ...rollout,
        drawnLogps: rollout.drawnLogps ?? rollout.oldLogps,
        count: lengths[i] as number,
        weight: weights[i] as number,
      }),
    );
    const order: number[] = [];
    let capacity = 0;
    for (const batch of pack(rollouts, this.capacity, 'shared')) {
      const { pass, objective } = this.#rungFor(batch);
      pass.write(batch, members, settings);
      pass.submit(settings);
      this.tokens.update += batch.numTokens;
      if (objective.isScoring(settings)) this.tokens.scoring += batch.numTokens;
      this.#collect(objective, order.length, batch.members.length);
      order.push(...batch.members);
      capacity += pass.capacity;
    }
    const bytes = rollouts.length * GRPO_SUMS.length * 4;
    const data = await this.runtime.readback.readF32({ buffer: this.collected, offset: 0, size: bytes });
    this.#tune(startMs, capacity);
    const sums = unpackGrpoSums(data, rollouts.length);
    return summarize(
      sums,
      order.map((i) => lengths[i] as number),
      options,
      place.isFresh,
    );
  }

  /** Tells the passes how fast they are. @param capacity of the passes that ran since then. */
  #tune(startMs: number, capacity: number): void {
    const busySinceMs = Math.max(startMs, this.#doneMs);
    this.#doneMs = performance.now();
    const msPerToken = (this.#doneMs - busySinceMs) / capacity;
    for (const { pass } of this.rungs) pass.tune(msPerToken * pass.capacity);
  }

  /**
   * Log-probabilities of every completion under the reference as it is now, by rollout. TRL has them once for a generation: what
   * is done to the reference between its optimizer steps does not reach them.
   */
  async scoreReference(rollouts: readonly Sequence[]): Promise<Float32Array[]> {
    return this.#score(
      rollouts,
      (rung) => rung.reference?.logProbRange,
      (rung) => rung.reference?.submit(),
    );
  }

  /** Which tokens of a mini-batch count, by their entropy under the weights as they are now. */
  async entropyCut(rollouts: readonly TrainingRollout[], options: LossOptions, isFresh: boolean): Promise<EntropyCut> {
    const counting = rollouts.filter(({ isMasked }) => !isMasked);
    const given = isFresh && counting.every(({ entropies }) => entropies);
    const entropies = given
      ? counting.map((rollout) => rollout.entropies as ArrayLike<number>)
      : await this.#score(
          counting,
          (rung) => rung.own?.entropyRange,
          (rung) => rung.own?.submit(),
        );
    return entropyCut(
      entropies.flatMap((values) => Array.from(values)),
      options.top_entropy_quantile,
    );
  }

  /** One number a token of every completion, by rollout. @param range of them, of a rung whose pass is submitted. */
  async #score(
    rollouts: readonly Sequence[],
    range: (rung: Rung) => BufferRange | undefined,
    submit: (rung: Rung) => void,
  ): Promise<Float32Array[]> {
    const { device, readback } = this.runtime;
    const firsts: number[] = [];
    let numTokens = 0;
    for (const batch of pack(rollouts, this.capacity, 'shared')) {
      const rung = this.#rungFor(batch);
      const scores = range(rung);
      if (!scores) throw new Error('the updater was made without the pass that scores this');
      const { owner } = rung;
      for (const [m, first] of writeBatch(owner.batch, batch, rollouts).entries()) {
        firsts[batch.members[m] as number] = numTokens + first;
      }
      submit(rung);
      const copy = { ...scores, size: batch.numTokens * 4 };
      device.transfer('GrpoUpdater.scored', [{ copy, to: { buffer: this.#scored, offset: numTokens * 4 } }]);
      numTokens += batch.numTokens;
    }
    this.tokens.scoring += numTokens;
    const logps = await readback.readF32({ buffer: this.#scored, offset: 0, size: numTokens * 4 });
    return rollouts.map(({ completion }, i) => {
      const first = firsts[i] as number;
      return logps.slice(first, first + completion.length);
    });
  }

  /** The smallest that holds the batch. */
  #rungFor({ numTokens }: SequenceBatch): Rung {
    return this.rungs.find(({ pass }) => pass.capacity >= numTokens) ?? this.#largest;
  }

  /** Keeps the sums of a batch before the next one overwrites them. */
  #collect({ sums }: Grpo, first: number, count: number): void {
    const stride = GRPO_SUMS.length * 4;
    const copy = { buffer: sums, offset: 0, size: count * stride };
    const to = { buffer: this.collected, offset: first * stride };
    this.runtime.device.transfer('GrpoUpdater.collect', [{ copy, to }]);
  }

  /** Time by kernel of one full batch. */
  profile(): Promise<KernelTimes | undefined> {
    return this.#largest.pass.profile();
  }

  destroy(): void {
    for (const { owner, pass, own } of this.rungs) {
      pass.destroy();
      own?.destroy();
      owner.destroy();
    }
    this.slots.destroy();
    for (const buffer of [this.collected, this.scored]) if (buffer) this.runtime.device.destroyBuffer(buffer);
  }
}

function objectiveSettings(
  options: LossOptions,
  lengths: readonly number[],
  { isOnPolicy, cut }: Pick<GrpoWork, 'isOnPolicy' | 'cut'>,
): GrpoSettings {
  const { term } = LOSS_TYPES[options.loss_type];
  const shapes = termShapes(term, options);
  const totalTokens = lengths.reduce((sum, length) => sum + length, 0);
  return {
    policyTerm: POLICY_TERMS[term],
    isSequenceLevel: options.importance_sampling_level === 'sequence',
    isOnPolicy,
    isKlCorrected: options.use_bias_correction_kl,
    epsilonLow: options.epsilon,
    epsilonHigh: options.epsilon_high ?? options.epsilon,
    delta: options.delta,
    beta: options.beta,
    entropyWeight: options.entropy_coef / Math.max(1, cut?.count ?? totalTokens),
    shapeUp: shapes.up,
    shapeDown: shapes.down,
    offPolicyThreshold: options.off_policy_mask_threshold,
    leastEntropy: cut?.least ?? null,
  };
}
