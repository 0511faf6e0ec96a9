// Generations trained on as a run trains on them, mini-batch by mini-batch in TRL's order: each loss, gradient norm and metric,
// and the weights after the last step.

import type { Runtime } from '../../engine/runtime';
import type { ModelFolder } from '../../formats/huggingface/folder';
import { readFloats, type StoredTensor } from '../../lib/tensors/storedTensor';
import type { Weights } from '../../model/weights';
import { EntropyControl } from '../../trainer/grpo/entropyControl';
import { type GrpoConfig, grpoConfig } from '../../trainer/grpo/grpoConfig';
import { createUpdateParts, type UpdateParts } from '../../trainer/grpo/grpoParts';
import { type OptimizerStep, takeOptimizerSteps } from '../../trainer/grpo/optimizerSteps';
import type { OptimizerSnapshot } from '../../trainer/optimizer/optimizer';
import { Trainer } from '../../trainer/trainer';
import { goldenRollouts, LOSS_FLOOR } from './checkGrpo';
import { ALLOWED, distance, type Report, relative } from './compare';
import { type GoldenTensors, GROUP_SIZE } from './golden';
import { clearGradient, parameterOf } from './gradients';
import type { GoldenGeneration, GoldenMiniBatches } from './miniBatches';

/** @param model with the weights to start from. @param golden with the rollouts. */
export async function checkMiniBatches(
  runtime: Runtime,
  weights: Weights,
  { description, tensors }: ModelFolder,
  miniBatches: GoldenMiniBatches,
  golden: GoldenTensors,
  report: Report,
): Promise<void> {
  const rollouts = goldenRollouts(golden).map(({ refLogps: _, ...rollout }) => rollout);
  const made = new Map<string, { readonly parts: UpdateParts; readonly fresh: OptimizerSnapshot }>();
  for (const name of Object.keys(miniBatches.numbers.cases)) {
    const config = configOf(miniBatches, name, rollouts.length);
    await weights.write(tensors);
    clearGradient(runtime, weights);
    // Cases that need the same take turns with it: to compile takes longer than to train.
    const isCut = config.top_entropy_quantile < 1;
    const key = [config.steps_per_generation, config.beta > 0, config.ref_model_mixup_alpha, isCut].join();
    if (!made.has(key)) {
      const parts = await createUpdateParts(runtime, weights, config);
      made.set(key, { parts, fresh: await parts.optimizer.snapshot() });
    }
    const { parts, fresh } = made.get(key) as { parts: UpdateParts; fresh: OptimizerSnapshot };
    parts.optimizer.restore(fresh);
    parts.reference?.weights.copyFrom(weights);
    const expected = miniBatches.numbers.cases[name] as GoldenGeneration;
    const given = rollouts.map((rollout, i) => ({ ...rollout, isMasked: expected.masked.includes(i) }));
    const trainer = new Trainer(parts, config, config.max_steps, weights.architecture.vocabulary);
    const generation = { rollouts: given, miniBatches: expected.order };
    const steps = await takeOptimizerSteps(trainer, parts, config, new EntropyControl(config), generation);
    await checkSteps(steps, expected, name, report);
    const parameter = (disk: string) => parameterOf(description, disk);
    await checkWeights(await weights.read(runtime.readback), tensors, miniBatches.weights, name, parameter, report);
  }
  for (const { parts } of made.values()) {
    for (const part of [parts.gradient, parts.optimizer, parts.reference]) part?.destroy();
  }
}

/** The options of a case, TRL's defaults and the optimizer's in the rest. */
function configOf({ numbers }: GoldenMiniBatches, name: string, numRollouts: number): GrpoConfig {
  const { adamw, cases, max_completion_length } = numbers;
  return grpoConfig({
    num_prompts: numRollouts / GROUP_SIZE,
    num_generations: GROUP_SIZE,
    max_completion_length,
    learning_rate: adamw.lr,
    lr_scheduler_type: adamw.lr_scheduler_type,
    adam_beta1: adamw.betas[0],
    adam_beta2: adamw.betas[1],
    adam_epsilon: adamw.eps,
    weight_decay: adamw.weight_decay,
    max_grad_norm: adamw.clip_grad_norm,
    ...cases[name]?.settings,
  });
}

async function checkSteps(
  steps: readonly OptimizerStep[],
  expected: GoldenGeneration,
  name: string,
  report: Report,
): Promise<void> {
  report(`mini_batches.${name}.steps`, Math.abs(steps.length - expected.steps.length), 0);
  for (const [i, wanted] of expected.steps.entries()) {
    const [result, state] = [await steps[i]?.result, await steps[i]?.state];
    const check = (metric: string, actual = Number.NaN, golden: number, floor?: number) =>
      report(`mini_batches.${name}.${i}.${metric}`, relative(actual, golden, floor), allowedAfter(i));
    check('loss', result?.loss, wanted.loss, LOSS_FLOOR);
    check('grad_norm', state?.norm, wanted.grad_norm);
    check('learning_rate', steps[i]?.learningRate, wanted.learning_rate);
    for (const [metric, value] of Object.entries(wanted.metrics)) check(metric, result?.metrics[metric], value, 1);
  }
}

/** How far each weight that is kept ended from where it should, beside how far it went. */
async function checkWeights(
  trained: ReadonlyMap<string, StoredTensor>,
  before: ReadonlyMap<string, StoredTensor>,
  after: GoldenTensors,
  name: string,
  parameter: (diskName: string) => string,
  report: Report,
): Promise<void> {
  const read = async (tensor: StoredTensor | undefined) => (tensor ? readFloats(tensor) : []);
  for (const key of after.names(`${name}.`)) {
    const [tensor, wanted] = [parameter(key.slice(name.length + 1)), after.get(key).data];
    const [actual, start] = [await read(trained.get(tensor)), await read(before.get(tensor))];
    report(`mini_batches.${key}`, distance(actual, wanted) / distance(start, wanted), ALLOWED.laterGradNorm);
  }
}

/** After the first step the weights themselves are apart by rounding. */
const allowedAfter = (step: number) => (step === 0 ? ALLOWED.number : ALLOWED.laterGradNorm);
