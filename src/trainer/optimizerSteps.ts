// The optimizer steps on one generation: num_iterations passes over its mini-batches, stopped at max_steps, as TRL takes them.
import type { AdamwState } from '../kernels/optimizer/adamw';
import type { GrpoConfig } from './grpoConfig';
import type { UpdateParts } from './grpoParts';
import type { TrainingRollout } from './grpoUpdate';
import { numItems } from './lossWeights';
import { learningRateAt } from './schedule';
import type { GrpoUpdateResult } from './updateMetrics';

/** One optimizer step, as the device will have done it. */
export interface OptimizerStep {
  readonly learningRate: number;
  readonly result: Promise<GrpoUpdateResult>;
  readonly state: Promise<AdamwState>;
}

export interface Generation {
  readonly rollouts: readonly TrainingRollout[];
  /** Rollouts, by index, of each mini-batch: steps_per_generation of them. */
  readonly miniBatches: readonly (readonly number[])[];
  /** Optimizer steps that were taken before this generation. */
  readonly optimizerSteps: number;
}

/** Optimizer steps that a generation gets with so many behind it: fewer at the end of the run. */
export function stepsOnGeneration(config: GrpoConfig, optimizerSteps: number): number {
  return Math.min(config.num_iterations * config.steps_per_generation, config.max_steps - optimizerSteps);
}

/** The rate of the optimizer step after so many. */
function learningRate(config: GrpoConfig, optimizerSteps: number): number {
  return learningRateAt(optimizerSteps, {
    type: config.lr_scheduler_type,
    learningRate: config.learning_rate,
    warmupSteps: config.warmup_steps,
    totalSteps: config.max_steps,
  });
}

/**
 * Takes the optimizer steps. All of them are submitted when the call returns, the last one still under way.
 * @param onStep told before each.
 */
export async function takeOptimizerSteps(
  { updater, optimizer, reference }: UpdateParts,
  config: GrpoConfig,
  generation: Generation,
  onStep?: (done: number, total: number) => void,
): Promise<OptimizerStep[]> {
  const { miniBatches } = generation;
  const total = stepsOnGeneration(config, generation.optimizerSteps);
  const isOnPolicy = config.num_iterations * config.steps_per_generation === 1;
  const numItemsInBatch = numItems(generation.rollouts);
  const rollouts = await withReferenceLogps(updater, config, generation.rollouts, isOnPolicy);
  const steps: OptimizerStep[] = [];
  for (let i = 0; i < total; i++) {
    onStep?.(i, total);
    const miniBatch = (miniBatches[i % miniBatches.length] as readonly number[]).map(
      (index) => rollouts[index] as TrainingRollout,
    );
    const result = updater.accumulate(miniBatch, config, { numItemsInBatch, isOnPolicy, isFresh: i === 0 });
    const rate = learningRate(config, generation.optimizerSteps + i);
    optimizer.step({
      learningRate: rate,
      beta1: config.adam_beta1,
      beta2: config.adam_beta2,
      epsilon: config.adam_epsilon,
      weightDecay: config.weight_decay,
      maxNorm: config.max_grad_norm,
    });
    const state = optimizer.readState();
    // A failure is met where they are awaited.
    for (const promise of [result, state]) promise.catch(() => {});
    steps.push({ learningRate: rate, result, state });
    const taken = generation.optimizerSteps + i + 1;
    if (config.sync_ref_model && taken % config.ref_model_sync_steps === 0) reference?.sync();
    // The device has this step to do while the one before is waited for.
    const before = steps[i - 1];
    if (before) await Promise.all([before.result, before.state]);
  }
  return steps;
}

/** Where there are several steps, all of them see the reference as it was when the generation was sampled. */
async function withReferenceLogps(
  updater: UpdateParts['updater'],
  { beta }: GrpoConfig,
  rollouts: readonly TrainingRollout[],
  isOnPolicy: boolean,
): Promise<readonly TrainingRollout[]> {
  if (beta === 0 || isOnPolicy || rollouts.every((rollout) => rollout.refLogps)) return rollouts;
  const refLogps = await updater.scoreReference(rollouts);
  return rollouts.map((rollout, i) => ({ ...rollout, refLogps: refLogps[i] as Float32Array }));
}
