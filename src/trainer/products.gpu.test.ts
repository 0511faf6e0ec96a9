// Which kernels make the products of a training step changes its speed and nothing else.
import { describe, expect, it } from 'vitest';
import type { WebGpuDevice } from '../device/webgpu/device';
import { setUpRuntime, tinyModel, tinyRecipe } from '../testing/tinyModel';
import { LikelihoodTraining } from './texts/likelihoodTraining';
import { corpusText } from './texts/pretrain';

const runtime = setUpRuntime();
const recipe = tinyRecipe({ steps: 2, tokens_per_step: 256 });
const bitsOf = (numbers: Float32Array) => new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length);

/**
 * Trains with every product made by the kernel of that name. What came of it, and the forms of products that tiles were
 * used for.
 */
async function train(variant: string) {
  const { device, tuning, readback } = runtime();
  await tuning.settle();
  const { preferences } = device;
  const { kernels } = device as WebGpuDevice;
  const before = new Map(preferences);
  for (const subject of before.keys()) preferences.set(subject, variant);
  const asked = new Set<string>();
  const { get } = kernels;
  kernels.get = (spec) => {
    const form = ['a_turned', 'b_turned', 'grouped', 'gather'].filter((name) => spec.conditions?.[name]);
    if (spec.shader === 'matmul_tiled') asked.add(form.join(' '));
    return get.call(kernels, spec);
  };
  try {
    const model = await tinyModel(runtime(), true, recipe);
    const textAt = (index: number) => corpusText(recipe, model.tokenizer, index);
    const run = await LikelihoodTraining.create(runtime(), model, recipe, textAt);
    while (!run.isDone) await run.run();
    const { tokens_per_second: _, ...metrics } = await run.readMetrics();
    const { arrays } = await run.remember();
    const tensors = await model.weights.read(readback);
    run.destroy();
    model.weights.destroy();
    const weights = [...tensors].map(([name, { data }]) => [name, bitsOf(data.slice())]);
    return { asked, result: { metrics, weights, firstMoment: bitsOf(arrays.firstMoment as Float32Array) } };
  } finally {
    kernels.get = get;
    for (const [subject, chosen] of before) preferences.set(subject, chosen);
  }
}

describe('training by tiles', () => {
  it('gives the loss, moments and weights of training by rows, to the bit', async () => {
    // The smallest tiles, since larger ones take a device in software minutes to compile: an expert's rows are still
    // several of them.
    const [rows, tiles] = [await train('rows'), await train('tile 32×32')];
    expect([...rows.asked]).toEqual([]);
    expect([...tiles.asked].sort()).toEqual([
      '',
      'a_turned',
      'a_turned grouped',
      'a_turned grouped gather',
      'b_turned',
      'b_turned grouped',
      'b_turned grouped gather',
      'grouped',
    ]);
    expect(rows.result.firstMoment.some((bits) => bits !== 0)).toBe(true);
    expect(tiles.result).toEqual(rows.result);
  });
});
