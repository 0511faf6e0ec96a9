// What a GRPO run holds on the device beside its model, and how much memory that takes.
import { Generator } from '../engine/generator';
import type { Runtime } from '../engine/runtime';
import type { ModelConfig } from '../model/config';
import type { Weights } from '../model/weights';
import type { GrpoConfig } from './grpoConfig';
import { GrpoUpdater } from './grpoUpdate';
import { type MemoryPlan, planMemory } from './memoryPlan';
import { Optimizer } from './optimizer';
import { MAX_PROMPT_TOKENS } from './positions';
import { createReference, type ReferenceModel } from './referenceModel';

/** Tokens of one packed batch of the update. */
const UPDATE_CAPACITY = 2048;

export interface GrpoParts {
  readonly generator: Generator;
  readonly updater: GrpoUpdater;
  readonly optimizer: Optimizer;
  readonly reference: ReferenceModel | undefined;
}

/** Allocates and compiles everything that a run on these weights needs. */
export async function createGrpoParts(runtime: Runtime, weights: Weights, config: GrpoConfig): Promise<GrpoParts> {
  const rollouts = config.num_prompts * config.num_generations;
  const perStep = Math.ceil(rollouts / config.steps_per_generation);
  const longest = MAX_PROMPT_TOKENS + config.max_completion_length;
  const isHalf = config.fp16;
  await weights.setHalfPrecision(runtime.kernels, isHalf);
  const reference =
    config.beta > 0
      ? await createReference(runtime, weights, { alpha: config.ref_model_mixup_alpha, isHalf })
      : undefined;
  const generator = new Generator(runtime, weights, {
    rollouts,
    maxNewTokens: config.max_completion_length,
    promptTokens: config.num_prompts * MAX_PROMPT_TOKENS,
    hasAlternatives: false,
  });
  const [updater, optimizer] = await Promise.all([
    GrpoUpdater.create(runtime, weights, {
      capacity: Math.max(longest, Math.min(UPDATE_CAPACITY, perStep * longest)),
      maxRollouts: perStep,
      temperature: config.temperature,
      gradientCheckpointing: config.gradient_checkpointing,
      ...(reference && { reference: reference.weights }),
    }),
    Optimizer.create(runtime, weights),
    generator.warmUpAll(),
  ]);
  // An update's sums are read while the next update's are, or what the optimizer ended with.
  const ends = optimizer.stateRange.size + weights.loadsRange.size;
  runtime.readback.reserve(Math.max(updater.sumsBytes, ends), Math.max(updater.sumsBytes, ends));
  return { generator, updater, optimizer, reference };
}

/**
 * The memory of a run on a model, before there is any of it. What `evaluate` on another model and other generators take is not in it.
 * @throws DeviceTooSmallError where the device does not allow a buffer that the run needs.
 */
export function planGrpo(runtime: Runtime, model: ModelConfig, config: GrpoConfig): Promise<MemoryPlan> {
  return planMemory(runtime, model, (paper, weights) => createGrpoParts(paper, weights, config));
}
