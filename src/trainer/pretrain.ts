// Pretraining from nothing on a task's corpus: the base model that reinforcement learning starts from.
import * as v from 'valibot';
import type { ModelFolder } from '../checkpoint/folder';
import { type LanguageModel, loadLanguageModel } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import { rng } from '../lib/rng';
import { initialTensors } from '../model/parameters';
import { PRESETS, type PresetName, presetConfig } from '../model/presets';
import { corpusSettingsSchema, document } from '../tasks/corpus';
import { completeDifficulty } from '../tasks/difficulty';
import { allTasks, getTask } from '../tasks/registry';
import { buildTokenizerJson } from '../tokenizer/build';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer';
import { LikelihoodTrainer, TextStream, type TrainingText } from './likelihood';
import { learningRateAt } from './schedule';

const positive = v.pipe(v.number(), v.gtValue(0));
const integer = v.pipe(v.number(), v.integer(), v.minValue(1));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** A recipe file: everything that decides the weights, bit for bit on one device. */
export const pretrainRecipeSchema = v.object({
  name: v.string(),
  seed: v.pipe(v.number(), v.integer(), v.minValue(0)),
  preset: v.picklist(Object.keys(PRESETS) as PresetName[]),
  /** Overrides of the preset's config.json. */
  model: v.optional(v.record(v.string(), v.union([v.number(), v.boolean(), v.null()])), {}),
  task: v.string(),
  difficulty: v.optional(v.record(v.string(), v.number()), {}),
  corpus: v.optional(corpusSettingsSchema, {}),
  steps: integer,
  tokens_per_step: integer,
  learning_rate: positive,
  min_learning_rate_share: v.optional(share, 0.1),
  warmup_steps: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  adam_beta1: v.optional(share, 0.9),
  adam_beta2: v.optional(share, 0.95),
  adam_epsilon: v.optional(positive, 1e-8),
  weight_decay: v.optional(v.pipe(v.number(), v.minValue(0)), 0.01),
  max_grad_norm: v.optional(positive, 1),
  /** γ of the balancing without auxiliary loss. */
  bias_speed: v.optional(v.pipe(v.number(), v.minValue(0)), 0.001),
});

export type PretrainRecipe = v.InferOutput<typeof pretrainRecipeSchema>;

/** Parses a recipe file. Throws valibot's ValiError naming the setting. */
export function pretrainRecipe(json: unknown): PretrainRecipe {
  return v.parse(pretrainRecipeSchema, json);
}

/** The recipe's model before its first step, with the project's tokenizer. */
export function initialFolder(recipe: PretrainRecipe): ModelFolder {
  const tokenizerJson = buildTokenizerJson(allTasks());
  const tokenizer = createTokenizer(tokenizerJson);
  const vocabSize = Math.ceil(tokenizer.vocabSize / 8) * 8;
  const config = presetConfig(recipe.preset, vocabSize, {
    ...recipe.model,
    bos_token_id: tokenizer.bosId,
    eos_token_id: tokenizer.eosId,
    pad_token_id: tokenizer.padId,
  });
  return { config, tensors: initialTensors(config, recipe.seed), tokenizerJson, readme: undefined };
}

/** Text number `index` of the recipe's corpus. */
export function corpusText(recipe: PretrainRecipe, tokenizer: Tokenizer, index: number): TrainingText {
  const task = getTask(recipe.task);
  const difficulty = completeDifficulty(task.dials, recipe.difficulty);
  const { question, completion } = document(task, difficulty, recipe.corpus, rng(recipe.seed, 'corpus', index));
  return { ids: [...tokenizer.encodePrompt(question), ...tokenizer.encode(completion), tokenizer.eosId], firstTarget: 1 };
}

export interface PretrainProgress {
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  readonly gradNorm: number;
  readonly learningRate: number;
  readonly tokens: number;
  readonly tokensPerSecond: number;
  /** Largest expert load over the mean, worst layer. */
  readonly loadMaxOverMean: number;
}

/** Trains a recipe's model. `onProgress` is called every `logEvery` steps and may stop the training by returning false. */
export async function pretrain(
  runtime: Runtime,
  recipe: PretrainRecipe,
  onProgress: (progress: PretrainProgress, model: LanguageModel) => Promise<boolean> | boolean,
  logEvery = 20,
): Promise<LanguageModel> {
  const model = await loadLanguageModel(runtime, recipe.name, initialFolder(recipe), true);
  const trainer = await LikelihoodTrainer.create(runtime, model.weights, recipe.tokens_per_step, recipe.bias_speed);
  const stream = new TextStream((index) => corpusText(recipe, model.tokenizer, index), recipe.tokens_per_step);
  let tokens = 0;
  let stretchTokens = 0;
  let stretchStartMs = performance.now();
  for (let step = 0; step < recipe.steps; step++) {
    const batch = stream.nextBatch();
    const learningRate = learningRateAt(step, {
      type: 'cosine',
      learningRate: recipe.learning_rate,
      warmupSteps: recipe.warmup_steps,
      totalSteps: recipe.steps,
      minLearningRateShare: recipe.min_learning_rate_share,
    });
    trainer.step(batch, {
      learningRate,
      beta1: recipe.adam_beta1,
      beta2: recipe.adam_beta2,
      epsilon: recipe.adam_epsilon,
      weightDecay: recipe.weight_decay,
      maxNorm: recipe.max_grad_norm,
    });
    stretchTokens += batch.reduce((sum, text) => sum + text.ids.length, 0);
    if ((step + 1) % logEvery !== 0 && step + 1 !== recipe.steps) {
      // A few steps ahead are enough to keep the device busy; more would only fill its queue.
      if ((step + 1) % 4 === 0) await runtime.device.idle();
      continue;
    }
    const metrics = await trainer.readMetrics();
    tokens += stretchTokens;
    const elapsedSeconds = (performance.now() - stretchStartMs) / 1000;
    const ratios = metrics.loads.map(({ counts }) => (Math.max(...counts) * counts.length) / counts.reduce((a, b) => a + b, 1e-9));
    const goesOn = await onProgress(
      {
        step: step + 1,
        steps: recipe.steps,
        loss: metrics.loss,
        gradNorm: metrics.gradNorm,
        learningRate,
        tokens,
        tokensPerSecond: stretchTokens / elapsedSeconds,
        loadMaxOverMean: Math.max(0, ...ratios),
      },
      model,
    );
    stretchTokens = 0;
    stretchStartMs = performance.now();
    if (!goesOn) break;
  }
  trainer.destroy();
  return model;
}
