// The optimizer steps on one generation: num_iterations passes over its mini-batches, stopped at max_steps, as TRL takes them.
import type { AdamwState } from '../../kernels/optimizer/adamw';
import type { Trainer } from '../trainer';
import type { EntropyControl } from './entropyControl';
import type { GrpoConfig } from './grpoConfig';
import type { UpdateParts } from './grpoParts';
import type { GrpoUpdater, GrpoWork, TrainingRollout } from './grpoUpdate';
import { numItems } from './lossWeights';
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
}

/** Optimizer steps that a generation gets with so many behind it: fewer at the end of the run. */
export function stepsOnGeneration(config: GrpoConfig, optimizerSteps: number): number {
  return Math.min(config.num_iterations * config.steps_per_generation, config.max_steps - optimizerSteps);
}

export type GrpoOptimizer = Trainer<GrpoWork, Promise<GrpoUpdateResult>>;

/**
 * Takes the optimizer steps. All of them are submitted when the call returns, the last one still under way.
 * @param entropy told what each step finds, where it wants to know. @param onStep told before each.
 */
export async function takeOptimizerSteps(
  trainer: GrpoOptimizer,
  { gradient, reference }: Pick<UpdateParts, 'gradient' | 'reference'>,
  config: GrpoConfig,
  entropy: EntropyControl,
  { rollouts: given, miniBatches }: Generation,
  onStep?: (done: number, total: number) => void,
): Promise<OptimizerStep[]> {
  const total = stepsOnGeneration(config, trainer.steps);
  const isOnPolicy = config.num_iterations * config.steps_per_generation === 1;
  const numItemsInBatch = numItems(given);
  const all = await withReferenceLogps(gradient, config, given, isOnPolicy);
  const steps: OptimizerStep[] = [];
  for (let i = 0; i < total; i++) {
    onStep?.(i, total);
    const miniBatch = miniBatches[i % miniBatches.length] as readonly number[];
    const rollouts = miniBatch.map((index) => all[index] as TrainingRollout);
    const isFresh = i === 0;
    const cut = config.top_entropy_quantile < 1 ? await gradient.entropyCut(rollouts, config, isFresh) : undefined;
    const options = { ...config, entropy_coef: entropy.applied };
    const work = { rollouts, options, numItemsInBatch, isOnPolicy, isFresh, cut };
    const { learningRate, found } = trainer.step(work);
    const result = found.then((one) => observed(one, entropy));
    const state = trainer.readState();
    // A failure is met where they are awaited.
    for (const promise of [result, state]) promise.catch(() => {});
    steps.push({ learningRate, result, state });
    if (config.sync_ref_model && trainer.steps % config.ref_model_sync_steps === 0) reference?.sync();
    // The device has this step to do while the one before is waited for, unless the next depends on what this one finds.
    const before = steps[entropy.isAdaptive ? i : i - 1];
    if (before) await Promise.all([before.result, before.state]);
  }
  return steps;
}

/** What a step found, with the entropy coefficient that it leaves. */
function observed(result: GrpoUpdateResult, entropy: EntropyControl): GrpoUpdateResult {
  if (!entropy.isAdaptive) return result;
  entropy.observe(result.bonusEntropy);
  return { ...result, metrics: { ...result.metrics, entropy_coef: entropy.coef } };
}

/** Where there are several steps, all of them see the reference as it was when the generation was sampled. */
async function withReferenceLogps(
  updater: GrpoUpdater,
  { beta }: GrpoConfig,
  rollouts: readonly TrainingRollout[],
  isOnPolicy: boolean,
): Promise<readonly TrainingRollout[]> {
  if (beta === 0 || isOnPolicy || rollouts.every((rollout) => rollout.refLogps)) return rollouts;
  const refLogps = await updater.scoreReference(rollouts);
  return rollouts.map((rollout, i) => ({ ...rollout, refLogps: refLogps[i] as Float32Array }));
}
