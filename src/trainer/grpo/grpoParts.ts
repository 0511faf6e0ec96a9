// What a GRPO run holds on the device beside its model, and how much memory that takes.

import { Generator } from '../../engine/generator';
import { haveSameTokens, type LanguageModel } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import type { Architecture } from '../../model/architecture';
import { precisionOf } from '../../model/precision';
import type { Weights } from '../../model/weights';
import { type MemoryPlan, planMemory } from '../memoryPlan';
import { isDecayedOf, Optimizer } from '../optimizer/optimizer';
import { MAX_PROMPT_TOKENS } from '../positions';
import { Grader } from '../preference/grader';
import type { TrainerParts } from '../trainer';
import type { GrpoConfig } from './grpoConfig';
import { checkGrpoConfig, GrpoConfigError } from './grpoConfigChecks';
import { GrpoUpdater, type GrpoWork } from './grpoUpdate';
import { createReference, type ReferenceModel } from './referenceModel';
import type { GrpoUpdateResult } from './updateMetrics';

/** Tokens of one packed batch of the update. */
const UPDATE_CAPACITY = 2048;

/** What moves the weights. */
export interface UpdateParts extends TrainerParts<GrpoWork, Promise<GrpoUpdateResult>> {
  readonly gradient: GrpoUpdater;
  readonly reference: ReferenceModel | undefined;
}

export interface GrpoParts extends UpdateParts {
  readonly generator: Generator;
}

/** Allocates and compiles everything that a run on these weights needs. */
export async function createGrpoParts(runtime: Runtime, weights: Weights, config: GrpoConfig): Promise<GrpoParts> {
  await weights.setPrecision(precisionOf(config));
  const generator = new Generator(runtime, weights, {
    rollouts: config.num_prompts * config.num_generations,
    maxNewTokens: config.max_completion_length,
    promptTokens: config.num_prompts * MAX_PROMPT_TOKENS,
    hasAlternatives: false,
  });
  const [parts] = await Promise.all([createUpdateParts(runtime, weights, config), generator.warmUpAll()]);
  return { generator, ...parts };
}

/** Allocates and compiles what the optimizer steps of a run on these weights need. */
export async function createUpdateParts(runtime: Runtime, weights: Weights, config: GrpoConfig): Promise<UpdateParts> {
  const rollouts = config.num_prompts * config.num_generations;
  const perStep = rollouts / config.steps_per_generation;
  const longest = MAX_PROMPT_TOKENS + config.max_completion_length;
  const isSeveral = config.num_iterations * config.steps_per_generation > 1;
  // The first step has the sampler's entropies; later ones have other weights.
  const scoresEntropies = config.top_entropy_quantile < 1 && isSeveral;
  const scores = isSeveral && (config.beta > 0 || scoresEntropies);
  const reference =
    config.beta > 0
      ? await createReference(runtime, weights, { alpha: config.ref_model_mixup_alpha, precision: precisionOf(config) })
      : undefined;
  const [gradient, optimizer] = await Promise.all([
    GrpoUpdater.create(runtime, weights, {
      capacity: Math.max(longest, Math.min(UPDATE_CAPACITY, perStep * longest)),
      maxRollouts: perStep,
      temperature: config.temperature,
      gradientCheckpointing: config.gradient_checkpointing,
      ...(reference && { reference: reference.weights }),
      scoresEntropies,
      ...(scores && { scoredTokens: rollouts * longest }),
    }),
    Optimizer.create(runtime, weights, isDecayedOf(weights.architecture)),
  ]);
  // What two optimizer steps give is read at once, or what the last one and the experts' loads give.
  const { size } = optimizer.stateRange;
  runtime.readback.reserve(size, size, Math.max(gradient.sumsBytes, weights.loadsRange.size), gradient.sumsBytes);
  return { gradient, optimizer, reference };
}

/**
 * The memory of a run on a model, before there is any of it. What `evaluate` on another model and other generators take
 * is not in it.
 * @throws GrpoConfigError; DeviceTooSmallError where the device does not allow a buffer that the run needs.
 */
export async function planGrpo(runtime: Runtime, model: Architecture, config: GrpoConfig): Promise<MemoryPlan> {
  checkGrpoConfig(config);
  return planMemory(runtime, model, (dry, weights) => createGrpoParts(dry, weights, config));
}

/**
 * What grades the answers of a step, a packed batch at a time. It is not in the plan of the memory, as its model is not.
 * Throws GrpoConfigError where its model reads other tokens, or too few.
 */
export function createGrader(
  runtime: Runtime,
  model: LanguageModel,
  rewardModel: LanguageModel,
  config: GrpoConfig,
): Promise<Grader> {
  const { architecture } = rewardModel;
  if (!haveSameTokens(model, rewardModel)) {
    throw new GrpoConfigError(
      `${model.name} and the reward model ${rewardModel.name} have different tokenizers.`,
      'Train the reward model from the model that it is to grade, or from one with the same tokenizer.',
    );
  }
  const longest = MAX_PROMPT_TOKENS + config.max_completion_length + 1;
  if (architecture.maxPositions < longest) {
    throw new GrpoConfigError(
      `The reward model reads ${architecture.maxPositions} tokens; an answer with its question has up to ${longest}.`,
      'Lower max_completion_length, or train the reward model from a model that reads more.',
    );
  }
  const rollouts = config.num_prompts * config.num_generations;
  return Grader.create(runtime, rewardModel.weights, Math.max(longest, Math.min(UPDATE_CAPACITY, rollouts * longest)));
}
