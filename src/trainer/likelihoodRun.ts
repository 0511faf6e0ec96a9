// A whole training run on texts, pretraining or SFT: a stream of texts, a schedule, metrics, and a state to resume from.
import * as v from 'valibot';
import type { LanguageModel } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import { HealthWatch } from './health';
import { type LikelihoodShape, LikelihoodTrainer, TextStream, type TrainingText } from './likelihood';
import { type OptimizerSnapshot, skippedSteps } from './optimizer';
import { learningRateAt } from './schedule';

const positive = v.pipe(v.number(), v.gtValue(0));
const integer = v.pipe(v.number(), v.integer(), v.minValue(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** What decides the weights, beside the texts. */
export const likelihoodSettings = {
  seed: count,
  steps: integer,
  /** Tokens of one packed batch; one batch is one optimizer step. */
  tokens_per_step: integer,
  learning_rate: positive,
  /** Where the cosine ends, as a share of learning_rate. */
  min_learning_rate_share: v.optional(share, 0.1),
  warmup_steps: v.optional(count, 0),
  adam_beta1: v.optional(share, 0.9),
  adam_beta2: v.optional(share, 0.95),
  adam_epsilon: v.optional(positive, 1e-8),
  weight_decay: v.optional(v.pipe(v.number(), v.minValue(0)), 0.01),
  max_grad_norm: v.optional(positive, 1),
  /** transformers' name: computes each layer again in the backward pass. Less memory, a slower step, the same bits. */
  gradient_checkpointing: v.optional(v.boolean(), false),
  /** transformers' name: the model's weights are read in half precision; sums, activations and the optimizer stay in f32. */
  fp16: v.optional(v.boolean(), false),
  /** γ of the balancing without auxiliary loss; 0 leaves the selection bias alone. */
  bias_speed: v.optional(v.pipe(v.number(), v.minValue(0)), 0.001),
};

const settingsSchema = v.object(likelihoodSettings);
export type LikelihoodSettings = v.InferOutput<typeof settingsSchema>;

/** What the settings say of a step's size. */
export function likelihoodShape(s: LikelihoodSettings): LikelihoodShape {
  return { capacity: s.tokens_per_step, biasSpeed: s.bias_speed, gradientCheckpointing: s.gradient_checkpointing };
}

/** Everything a run must remember, beside the weights, to go on bit for bit. */
export interface LikelihoodSnapshot {
  readonly step: number;
  /** Index of the next text. */
  readonly position: number;
  readonly numTokens: number;
  readonly optimizer: OptimizerSnapshot;
}

/** Steps submitted before the device is waited for: enough to keep it busy; more would only fill its queue. */
const STEPS_AHEAD = 4;

export class LikelihoodRun {
  #step = 0;
  #numTokens = 0;
  #tokensSinceRead = 0;
  #readMs = performance.now();
  #lookedStep = 0;

  private constructor(
    readonly settings: LikelihoodSettings,
    private readonly trainer: LikelihoodTrainer,
    private readonly textAt: (index: number) => TrainingText,
    private stream: TextStream,
    /** What its steps tell of the weights. Whoever drives the run stops it where that says so. */
    readonly health: HealthWatch,
  ) {}

  /** @param textAt the text of an index: always the same one, so that a resumed run sees what an uninterrupted one would. */
  static async create(
    runtime: Runtime,
    model: LanguageModel,
    settings: LikelihoodSettings,
    textAt: (index: number) => TrainingText,
  ): Promise<LikelihoodRun> {
    await model.weights.setHalfPrecision(settings.fp16);
    const trainer = await LikelihoodTrainer.create(runtime, model.weights, likelihoodShape(settings));
    const stream = new TextStream(textAt, settings.tokens_per_step);
    return new LikelihoodRun(settings, trainer, textAt, stream, new HealthWatch(model.architecture.vocabulary));
  }

  /** Steps taken. */
  get step(): number {
    return this.#step;
  }

  /** Tokens trained on. */
  get numTokens(): number {
    return this.#numTokens;
  }

  get isDone(): boolean {
    return this.#step >= this.settings.steps;
  }

  #learningRate(step: number): number {
    return learningRateAt(step, {
      type: 'cosine',
      learningRate: this.settings.learning_rate,
      warmupSteps: this.settings.warmup_steps,
      totalSteps: this.settings.steps,
      minLearningRateShare: this.settings.min_learning_rate_share,
    });
  }

  /** Takes one optimizer step; returns while the device may still be at work on it. */
  async run(): Promise<void> {
    const { settings } = this;
    const batch = this.stream.nextBatch();
    this.trainer.step(batch, {
      learningRate: this.#learningRate(this.#step),
      beta1: settings.adam_beta1,
      beta2: settings.adam_beta2,
      epsilon: settings.adam_epsilon,
      weightDecay: settings.weight_decay,
      maxNorm: settings.max_grad_norm,
    });
    this.#step++;
    const numTokens = batch.reduce((sum, text) => sum + text.ids.length, 0);
    this.#numTokens += numTokens;
    this.#tokensSinceRead += numTokens;
    if (this.#step % STEPS_AHEAD === 0) await this.look();
  }

  /** Looks at the steps since the last look. Waits for the device. */
  async look(): Promise<void> {
    if (this.#lookedStep === this.#step) return;
    this.#lookedStep = this.#step;
    this.health.observe(this.#step, await this.trainer.look());
  }

  /** Metrics over the steps since they were last read, under transformers' names. Waits for the device. */
  async readMetrics(): Promise<Record<string, number>> {
    await this.look();
    const { loss, gradNorm, skipped, loads } = await this.trainer.readMetrics();
    const seconds = (performance.now() - this.#readMs) / 1000;
    const tokensPerSecond = this.#tokensSinceRead / seconds;
    this.#tokensSinceRead = 0;
    this.#readMs = performance.now();
    const maxOverMean = loads.map(({ layer, counts }) => {
      const mean = counts.reduce((sum, load) => sum + load, 0) / Math.max(1, counts.length);
      return [`moe/load_max_over_mean/${layer}`, Math.max(...counts) / Math.max(mean, 1e-9)] as const;
    });
    return {
      loss,
      grad_norm: gradNorm,
      learning_rate: this.#learningRate(this.#step - 1),
      num_tokens: this.#numTokens,
      tokens_per_second: tokensPerSecond,
      ...(skipped > 0 && { skipped_steps: skipped }),
      ...Object.fromEntries(maxOverMean),
    };
  }

  async snapshot(): Promise<LikelihoodSnapshot> {
    return {
      step: this.#step,
      position: this.stream.position,
      numTokens: this.#numTokens,
      optimizer: await this.trainer.snapshotOptimizer(),
    };
  }

  /** Goes back to a snapshot; the model's weights are restored by the caller. */
  restore(snapshot: LikelihoodSnapshot): void {
    this.#step = snapshot.step;
    this.#numTokens = snapshot.numTokens;
    this.stream = new TextStream(this.textAt, this.settings.tokens_per_step, snapshot.position);
    this.trainer.restoreOptimizer(snapshot.optimizer);
    this.#lookedStep = snapshot.step;
    this.health.restore(snapshot.step, skippedSteps(snapshot.optimizer));
  }

  destroy(): void {
    this.trainer.destroy();
  }
}
