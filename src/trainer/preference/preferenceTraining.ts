// A whole training on preferred pairs, DPO or a reward model: an order of the pairs, a schedule, metrics, and a state to
// resume from.
import * as v from 'valibot';
import type { LanguageModel } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import type { PreferenceSums } from '../../kernels/loss/preferenceLoss';
import type { HealthWatch } from '../health';
import { lengthOf } from '../packing';
import { shuffledTexts } from '../texts/sft';
import { Trainer } from '../trainer';
import type { Metrics, StepWatch, Training, TrainingMemory } from '../training';
import type { PreferencePair } from './pairs';
import { isDpo, numPreferenceSteps, type PreferenceConfig, preferenceSettings } from './preferenceConfig';
import { type PreferenceWork, withOffsets, withReference } from './preferenceGradient';
import { preferenceMetrics } from './preferenceMetrics';
import { createPreferenceParts, preferenceShape } from './preferenceParts';

/** What it remembers beside the optimizer and the reference's log-probabilities: plain JSON. */
const metaSchema = v.object({ step: v.number(), numTokens: v.number() });

export class PreferenceTraining implements Training {
  #numTokens = 0;
  /** Of the steps since metrics were last told. */
  #untold: Metrics[] = [];
  /** The pairs with what DPO needs to know of the reference; undefined before it is known. */
  #ready: readonly PreferencePair[] | undefined;
  #pairAt: (index: number) => PreferencePair;

  private constructor(
    private readonly runtime: Runtime,
    private readonly model: LanguageModel,
    readonly config: PreferenceConfig,
    private readonly pairs: readonly PreferencePair[],
    private readonly capacity: number,
    private readonly trainer: Trainer<PreferenceWork, Promise<PreferenceSums[]>>,
  ) {
    this.#pairAt = shuffledTexts(pairs, config.seed);
    if (!isDpo(config)) this.#ready = pairs;
  }

  /**
   * @param model of a grader where the config is a reward model's; DPO's reference is the model as it is before the first step.
   * @param pairs at least one.
   */
  static async create(
    runtime: Runtime,
    model: LanguageModel,
    config: PreferenceConfig,
    pairs: readonly PreferencePair[],
  ): Promise<PreferenceTraining> {
    const shape = preferenceShape(config, pairs);
    const parts = await createPreferenceParts(runtime, model.weights, shape);
    const trainer = new Trainer(parts, config, numPreferenceSteps(config, pairs.length), model.architecture.vocabulary);
    return new PreferenceTraining(runtime, model, config, pairs, shape.capacity, trainer);
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
    return this.trainer.totalSteps;
  }

  /** Tokens trained on. */
  get tokens(): number {
    return this.#numTokens;
  }

  /** Takes one optimizer step. What it tells are means over the steps since it last told. */
  async run({ isTold }: StepWatch = { isTold: true }): Promise<Metrics | undefined> {
    const { config, trainer } = this;
    if (!this.#ready) this.#know(await withReference(this.runtime, this.model.weights, this.pairs, this.capacity));
    const size = config.per_device_train_batch_size;
    const pairs = Array.from({ length: size }, (_, i) => this.#pairAt(this.step * size + i));
    const { learningRate, found } = trainer.step({ pairs, settings: preferenceSettings(config, size) });
    const [sums, state] = await Promise.all([found, trainer.readState()]);
    for (const { chosen, rejected } of pairs) this.#numTokens += lengthOf(chosen) + lengthOf(rejected);
    const metrics = { ...preferenceMetrics(config, pairs, sums), grad_norm: state.norm };
    const { loss = 0 } = metrics as { readonly loss?: number };
    // A finite loss of pairs tells nothing of the weights: it is no likelihood of tokens.
    const bad = Number.isFinite(loss) ? {} : { loss };
    this.health.observe(this.step, { ...bad, gradNorm: state.norm, skipped: state.skipped });
    this.#untold.push(metrics);
    if (!isTold) return undefined;
    const told = meanOf(this.#untold);
    this.#untold = [];
    return {
      ...told,
      learning_rate: learningRate,
      num_tokens: this.#numTokens,
      epoch: (this.step * size) / this.pairs.length,
      ...(state.skipped > 0 && { skipped_steps: state.skipped }),
    };
  }

  #know(pairs: readonly PreferencePair[]): void {
    this.#ready = pairs;
    this.#pairAt = shuffledTexts(pairs, this.config.seed);
  }

  async remember(): Promise<TrainingMemory> {
    const meta: v.InferOutput<typeof metaSchema> = { step: this.step, numTokens: this.#numTokens };
    const arrays = await this.trainer.remember();
    const offsets = this.#ready?.flatMap(({ chosen, rejected }) => [chosen.offset, rejected.offset]);
    const isKept = isDpo(this.config) && offsets !== undefined;
    return { meta, arrays: { ...arrays, ...(isKept && { reference: Float32Array.from(offsets) }) } };
  }

  /** Throws valibot's ValiError or SnapshotError for the memory of another training. */
  restore({ meta, arrays }: TrainingMemory): void {
    const { step, numTokens } = v.parse(metaSchema, meta);
    this.trainer.restore(arrays, { optimizerSteps: step, step });
    this.#numTokens = numTokens;
    if (arrays.reference) this.#know(withOffsets(this.pairs, arrays.reference));
  }

  async destroy(): Promise<void> {
    this.trainer.destroy();
  }
}

function meanOf(all: readonly Metrics[]): Record<string, number> {
  const names = Object.keys(all[0] ?? {});
  const mean = (name: string) => all.reduce((sum, metrics) => sum + (metrics[name] as number), 0) / all.length;
  return Object.fromEntries(names.map((name) => [name, mean(name)]));
}
