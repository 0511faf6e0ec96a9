// A whole training run on texts, pretraining or SFT: a stream of texts, a schedule, metrics, and a state to resume from.

import * as v from 'valibot';
import type { LanguageModel } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import type { HealthWatch } from '../health';
import { LossMeter } from '../lossMeter';
import { adamwSettings } from '../optimizer/optimizerSettings';
import { lengthOf, type Sequence, TextStream } from '../packing';
import { Trainer } from '../trainer';
import type { Metrics, StepWatch, Training, TrainingMemory } from '../training';
import { createLikelihoodParts } from './likelihoodParts';
import { type LikelihoodSettings, likelihoodShape } from './likelihoodSettings';

/** What it remembers beside the optimizer: plain JSON. */
const metaSchema = v.object({
  step: v.number(),
  /** Index of the next text. */
  position: v.number(),
  numTokens: v.number(),
});

/** Steps submitted before the device is waited for: enough to keep it busy; more would only fill its queue. */
const STEPS_AHEAD = 4;

export class LikelihoodTraining implements Training {
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
  ): Promise<LikelihoodTraining> {
    const parts = await createLikelihoodParts(runtime, model.weights, likelihoodShape(settings));
    const trainer = new Trainer(parts, settings, settings.steps, model.architecture.vocabulary);
    const meter = new LossMeter(runtime, parts.tokens, trainer, parts.further);
    const stream = new TextStream(textAt, settings.tokens_per_step);
    return new LikelihoodTraining(model, settings, trainer, meter, textAt, stream);
  }

  /** What its steps tell of the weights. Whoever drives the run stops it where that says so. */
  get health(): HealthWatch {
    return this.trainer.health;
  }

  /** Steps taken. */
  get step(): number {
    return this.trainer.steps;
  }

  get total(): number {
    return this.settings.steps;
  }

  /** Tokens trained on. */
  get tokens(): number {
    return this.#numTokens;
  }

  get isDone(): boolean {
    return this.step >= this.settings.steps;
  }

  /** Takes one optimizer step; where its metrics are not wanted, returns while the device may still be at work on it. */
  async run({ isTold }: StepWatch = { isTold: false }): Promise<Metrics | undefined> {
    const batch = this.stream.nextBatch();
    this.trainer.step(batch);
    this.meter.count();
    const numTokens = batch.reduce((sum, text) => sum + lengthOf(text), 0);
    this.#numTokens += numTokens;
    this.#tokensSinceRead += numTokens;
    if (this.step % STEPS_AHEAD === 0) await this.look();
    return isTold ? this.readMetrics() : undefined;
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
  async readMetrics(): Promise<Metrics> {
    await this.look();
    const { weights } = this.model;
    const { loss, furtherLoss, state, others } = await this.meter.read([weights.loadsRange]);
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
      ...(furtherLoss !== undefined && { mtp_loss: furtherLoss }),
      grad_norm: state.norm,
      learning_rate: adamwSettings(this.settings, this.step - 1, this.settings.steps).learningRate,
      num_tokens: this.#numTokens,
      tokens_per_second: tokensPerSecond,
      ...(state.skipped > 0 && { skipped_steps: state.skipped }),
      ...Object.fromEntries(maxOverMean),
    };
  }

  async remember(): Promise<TrainingMemory> {
    const meta: v.InferOutput<typeof metaSchema> = {
      step: this.step,
      position: this.stream.position,
      numTokens: this.#numTokens,
    };
    return { meta, arrays: await this.trainer.remember() };
  }

  /** Throws valibot's ValiError or SnapshotError for the memory of another training. */
  restore({ meta, arrays }: TrainingMemory): void {
    const { step, position, numTokens } = v.parse(metaSchema, meta);
    this.trainer.restore(arrays, { optimizerSteps: step, step });
    this.#numTokens = numTokens;
    this.stream = new TextStream(this.textAt, this.settings.tokens_per_step, position);
    this.#lookedStep = step;
  }

  async destroy(): Promise<void> {
    this.trainer.destroy();
  }
}
