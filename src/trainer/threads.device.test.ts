// A training gives the same bits however many threads share its work.
import { createHash } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { openCpuInNode } from '../device/wasm/nodeCpu';
import { openRuntime } from '../engine/runtime';
import { createNodeSandbox } from '../sandbox/nodeSandbox';
import { getTask } from '../tasks/registry';
import { tinyModel, tinyRecipe } from '../testing/tinyModel';
import { GrpoTraining } from './grpo/grpo';
import { grpoConfig } from './grpo/grpoConfig';

/** Large enough that its operations are cut in units. */
const RECIPE = tinyRecipe({ preset: 'nano', model: {} });
const CONFIG = grpoConfig({
  num_prompts: 6,
  num_generations: 4,
  max_completion_length: 20,
  learning_rate: 1e-2,
  beta: 0.05,
  reward_weights: { soft_overlong: 1, format: 1 },
});

/** The metrics of two steps, and the weights after them. */
async function train(threads: number) {
  const runtime = await openRuntime(() => openCpuInNode({ threads }), createNodeSandbox());
  onTestFinished(() => runtime.device.destroy());
  const model = await tinyModel(runtime, true, RECIPE);
  const difficulty = { min_terms: 2, max_terms: 3, max_number: 9 };
  const training = await GrpoTraining.create(runtime, model, getTask('chained_sums'), difficulty, CONFIG);
  const losses: (number | undefined)[] = [];
  for (let step = 0; step < 2; step++) losses.push((await training.takeStep()).metrics.grad_norm);
  const tensors = await model.weights.read(runtime.readback);
  const hash = createHash('sha256');
  for (const { data } of tensors.values()) hash.update(data);
  return { losses, weights: hash.digest('hex') };
}

it('by one, two or five threads', async () => {
  const alone = await train(1);
  expect(alone.losses.every((norm) => norm !== undefined && norm > 0)).toBe(true);
  expect(await train(2)).toEqual(alone);
  expect(await train(5)).toEqual(alone);
});
