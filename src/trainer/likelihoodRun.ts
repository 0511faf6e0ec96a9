// A whole training run on texts, pretraining or SFT: a stream of texts, a schedule, metrics, and a state to resume from.
import * as v from 'valibot';
import type { LanguageModel } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import type { HealthWatch } from './health';
import { createLikelihoodParts, type LikelihoodShape } from './likelihoodParts';
import { LossMeter } from './lossMeter';
import type { OptimizerSnapshot } from './optimizer';
import { adamwSettings, optimizerEntries } from './optimizerSettings';
import { lengthOf, type Sequence, TextStream } from './packing';
import { Trainer } from './trainer';

const integer = v.pipe(v.number(), v.integer(), v.minValue(1));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const optimizer = optimizerEntries({
  learning_rate: 3e-4,
  lr_scheduler_type: 'cosine',
  adam_beta2: 0.95,
  weight_decay: 0.01,
});

/** What decides the weights, beside the texts. */
export const likelihoodSettings = {
  seed: count,
  steps: integer,
  /** Tokens of one packed batch; one batch is one optimizer step. */
  tokens_per_step: integer,
  ...optimizer,
  learning_rate: optimizer.learning_rate.wrapped,
  /** Where the cosine ends, as a share of learning_rate. */
  min_learning_rate_share: v.optional(share, 0.1),
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
  #numTokens = 0;
  #tokensSinceRead = 0;
  #readMs = performance.now();
  #lookedStep = 0;

  private constructor(
    private readonly model: LanguageModel,
    readonly settings: LikelihoodSettings,
    private readonly trainer: Trainer<readonly Sequence[], void>,
    private readonly meter: LossMeter,
    private readonly textAt: (index: number) => Sequence,
    private stream: TextStream,
  ) {}

  /** @param textAt the text of an index: always the same one, so that a resumed run sees what an uninterrupted one would. */
  static async create(
    runtime: Runtime,
    model: LanguageModel,
    settings: LikelihoodSettings,
    textAt: (index: number) => Sequence,
  ): Promise<LikelihoodRun> {
    await model.weights.setHalfPrecision(settings.fp16);
    const parts = await createLikelihoodParts(runtime, model.weights, likelihoodShape(settings));
    const trainer = new Trainer(parts, settings, settings.steps, model.architecture.vocabulary);
    const meter = new LossMeter(runtime, parts.tokens, trainer);
    const stream = new TextStream(textAt, settings.tokens_per_step);
    return new LikelihoodRun(model, settings, trainer, meter, textAt, stream);
  }

  /** What its steps tell of the weights. Whoever drives the run stops it where that says so. */
  get health(): HealthWatch {
    return this.trainer.health;
  }

  /** Steps taken. */
  get step(): number {
    return this.trainer.steps;
  }

  /** Tokens trained on. */
  get numTokens(): number {
    return this.#numTokens;
  }

  get isDone(): boolean {
    return this.step >= this.settings.steps;
  }

  /** Takes one optimizer step; returns while the device may still be at work on it. */
  async run(): Promise<void> {
    const batch = this.stream.nextBatch();
    this.trainer.step(batch);
    this.meter.count();
    const numTokens = batch.reduce((sum, text) => sum + lengthOf(text), 0);
    this.#numTokens += numTokens;
    this.#tokensSinceRead += numTokens;
    if (this.step % STEPS_AHEAD === 0) await this.look();
  }

  /** Looks at the steps since the last look. Waits for the device. */
  async look(): Promise<void> {
    if (this.#lookedStep === this.step) return;
    this.#lookedStep = this.step;
    const { step } = this;
    const { loss, state } = await this.meter.look();
    this.health.observe(step, { loss, gradNorm: state.norm, skipped: state.skipped });
  }

  /** Metrics over the steps since they were last read, under transformers' names. Waits for the device. */
  async readMetrics(): Promise<Record<string, number>> {
    await this.look();
    const { weights } = this.model;
    const { loss, state, others } = await this.meter.read([weights.loadsRange]);
    weights.clearLoads();
    const seconds = (performance.now() - this.#readMs) / 1000;
    const tokensPerSecond = this.#tokensSinceRead / seconds;
    this.#tokensSinceRead = 0;
    this.#readMs = performance.now();
    const maxOverMean = weights.unpackLoads(others[0] as ArrayBuffer).map(({ layer, counts }) => {
      const mean = counts.reduce((sum, load) => sum + load, 0) / Math.max(1, counts.length);
      return [`moe/load_max_over_mean/${layer}`, Math.max(...counts) / Math.max(mean, 1e-9)] as const;
    });
    return {
      loss,
      grad_norm: state.norm,
      learning_rate: adamwSettings(this.settings, this.step - 1, this.settings.steps).learningRate,
      num_tokens: this.#numTokens,
      tokens_per_second: tokensPerSecond,
      ...(state.skipped > 0 && { skipped_steps: state.skipped }),
      ...Object.fromEntries(maxOverMean),
    };
  }

  async snapshot(): Promise<LikelihoodSnapshot> {
    return {
      step: this.step,
      position: this.stream.position,
      numTokens: this.#numTokens,
      optimizer: await this.trainer.snapshot(),
    };
  }

  /** Goes back to a snapshot; the model's weights are restored by the caller. */
  restore({ step, position, numTokens, optimizer }: LikelihoodSnapshot): void {
    this.trainer.restore(optimizer, { optimizerSteps: step, step });
    this.#numTokens = numTokens;
    this.stream = new TextStream(this.textAt, this.settings.tokens_per_step, position);
    this.#lookedStep = step;
  }

  destroy(): void {
    this.trainer.destroy();
  }
}
