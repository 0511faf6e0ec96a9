// gradient_checkpointing trades time for memory and nothing else.
import { describe, expect, it } from 'vitest';
import { getTask } from '../tasks/registry';
import { setUpRuntime, tinyModel, tinyRecipe } from '../testing/tinyModel';
import { GrpoTraining } from './grpo/grpo';
import { grpoConfig } from './grpo/grpoConfig';
import { LikelihoodTraining } from './texts/likelihoodTraining';
import { corpusText } from './texts/pretrain';

const runtime = setUpRuntime();

/** Six layers: enough that the inside of one is little beside the inside of all. */
const recipe = tinyRecipe({ steps: 3, tokens_per_step: 256 });
const deep = { ...recipe, model: { ...recipe.model, num_hidden_layers: 6 } };

const bitsOf = (numbers: Float32Array) => new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);

describe('gradient_checkpointing', () => {
  async function pretrain(gradient_checkpointing: boolean) {
    const { memory } = runtime().device;
    const model = await tinyModel(runtime(), true, deep);
    const textAt = (index: number) => corpusText(deep, model.tokenizer, index);
    const run = await LikelihoodTraining.create(runtime(), model, { ...deep, gradient_checkpointing }, textAt);
    const { bytes } = memory;
    while (!run.isDone) await run.run();
    const { tokens_per_second: _, ...metrics } = await run.readMetrics();
    const { arrays } = await run.remember();
    const tensors = await model.weights.read(runtime().readback);
    run.destroy();
    model.weights.destroy();
    const weights = [...tensors].map(([name, { data }]) => [name, bitsOf(data.slice())]);
    return { bytes, metrics, weights, firstMoment: bitsOf(arrays.firstMoment as Float32Array) };
  }

  it('gives texts the same weights, moments and expert loads, to the bit, in less memory', async () => {
    const [kept, again] = [await pretrain(false), await pretrain(true)];
    expect(again.firstMoment.some((bits) => bits !== 0)).toBe(true);
    expect(again.firstMoment).toEqual(kept.firstMoment);
    expect(again.weights).toEqual(kept.weights);
    expect(again.metrics).toEqual(kept.metrics);
    expect(again.bytes).toBeLessThan(0.75 * kept.bytes);
  });

  async function reinforce(gradient_checkpointing: boolean) {
    const model = await tinyModel(runtime(), true);
    const config = grpoConfig({
      num_prompts: 2,
      num_generations: 4,
      max_completion_length: 12,
      learning_rate: 1e-2,
      max_steps: 2,
      beta: 0.05,
      entropy_coef: 0.01,
      // Lengths differ between untrained rollouts, so every step has something to learn.
      reward_weights: { soft_overlong: 1, format: 1 },
      gradient_checkpointing,
    });
    const difficulty = { min_terms: 2, max_terms: 3, max_number: 9 };
    const trainer = await GrpoTraining.create(runtime(), model, getTask('chained_sums'), difficulty, config);
    const loads = [(await trainer.takeStep()).loads, (await trainer.takeStep()).loads];
    const { arrays } = await trainer.remember();
    await trainer.destroy();
    model.weights.destroy();
    return { loads, firstMoment: bitsOf(arrays.firstMoment as Float32Array) };
  }

  it('gives GRPO the same moments and expert loads, to the bit', async () => {
    const [kept, again] = [await reinforce(false), await reinforce(true)];
    expect(again.firstMoment.some((bits) => bits !== 0)).toBe(true);
    expect(again).toEqual(kept);
  });
});
