// What a run is planned to hold is what it holds.
import { describe, expect, it } from 'vitest';
import type { LanguageModel } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import { presetModel } from '../model/presets';
import { getTask } from '../tasks/registry';
import { setUpRuntime, tinyModel, tinyRecipe } from '../testing/tinyModel';
import { GrpoTraining } from './grpo/grpo';
import { type GrpoOptions, grpoConfig } from './grpo/grpoConfig';
import { planGrpo } from './grpo/grpoParts';
import { LossMeter } from './lossMeter';
import { TextStream } from './packing';
import { createLikelihoodParts, planLikelihood } from './texts/likelihoodParts';
import { corpusText } from './texts/pretrain';
import { Trainer } from './trainer';

const runtime = setUpRuntime();
const DIFFICULTY = { min_terms: 2, max_terms: 3, max_number: 9 };

/** A runtime whose device allows only buffers of so many bytes. */
function withLimit(bytes: number): Runtime {
  const { device } = runtime();
  const limits = { ...device.limits, maxStorageBufferBindingSize: bytes };
  return { ...runtime(), device: Object.create(device, { limits: { value: limits } }) };
}

/** Once a device, kernels that were never used on it are tested, which takes a little memory for a moment. */
async function tryKernels(options: GrpoOptions): Promise<void> {
  const model = await tinyModel(runtime(), true);
  const config = grpoConfig(options);
  const trainer = await GrpoTraining.create(runtime(), model, getTask('chained_sums'), DIFFICULTY, config);
  await trainer.destroy();
  model.weights.destroy();
}

describe('the planned memory', () => {
  it.each<GrpoOptions>([
    { num_prompts: 2, num_generations: 4, max_completion_length: 12, max_steps: 3 },
    { num_prompts: 3, num_generations: 4, max_completion_length: 33, max_steps: 3, beta: 0.05, num_iterations: 2 },
    { num_prompts: 16, num_generations: 4, max_completion_length: 20, max_steps: 3, gradient_checkpointing: true },
  ])('of GRPO is the most it ever holds, to the byte: %o', async (options) => {
    const { device, readback } = runtime();
    await tryKernels(options);
    readback.destroy();
    device.memory.peakBytes = device.memory.bytes;
    const freeBytes = device.memory.bytes;
    const model = await tinyModel(runtime(), true);
    const config = grpoConfig(options);
    const plan = await planGrpo(runtime(), model.architecture, config);
    const trainer = await GrpoTraining.create(runtime(), model, getTask('chained_sums'), DIFFICULTY, config);
    expect(device.memory.bytes).toBe(trainer.plannedBytes);
    const { metrics } = await trainer.takeStep();
    await trainer.takeStep();
    await trainer.remember();
    await model.weights.read(readback);
    expect(device.memory.peakBytes).toBe(trainer.plannedBytes);
    expect(device.memory.peakBytes - freeBytes).toBe(plan.bytes - device.ownBytes.timestamps);
    expect(metrics['memory/bytes']).toBe(trainer.plannedBytes);
    expect(metrics['memory/peak_bytes']).toBe(trainer.plannedBytes);
    expect(metrics['memory/planned_bytes']).toBe(trainer.plannedBytes);
    await trainer.destroy();
    model.weights.destroy();
  });

  const recipe = tinyRecipe({ tokens_per_step: 256 });

  async function train(model: LanguageModel, gradientCheckpointing: boolean) {
    const { memory } = runtime().device;
    const shape = { capacity: recipe.tokens_per_step, biasSpeed: 0.01, gradientCheckpointing };
    const plan = await planLikelihood(runtime(), model.architecture, shape);
    const parts = await createLikelihoodParts(runtime(), model.weights, shape);
    const trainer = new Trainer(parts, recipe, recipe.steps, model.architecture.vocabulary);
    const meter = new LossMeter(runtime(), parts.tokens, trainer);
    const stream = new TextStream((index) => corpusText(recipe, model.tokenizer, index), shape.capacity);
    for (let step = 0; step < 3; step++) trainer.step(stream.nextBatch());
    await meter.read([model.weights.loadsRange]);
    await trainer.remember();
    const heldBytes = memory.bytes;
    trainer.destroy();
    return { plan, heldBytes };
  }

  it('of training on texts is the most it ever holds, to the byte', async () => {
    const { device, readback } = runtime();
    readback.destroy();
    const freeBytes = device.memory.bytes;
    const model = await tinyModel(runtime(), true, recipe);
    for (const gradientCheckpointing of [false, true]) {
      const { plan, heldBytes } = await train(model, gradientCheckpointing);
      expect(heldBytes - freeBytes).toBe(plan.bytes - device.ownBytes.timestamps);
    }
    model.weights.destroy();
  });

  it('tells what each program takes, and less of it with gradient_checkpointing, for a model that was never made', async () => {
    const { memory } = runtime().device;
    const before = memory.bytes;
    const model = presetModel('small', 136).architecture;
    const long = grpoConfig({ num_prompts: 16, num_generations: 16, max_completion_length: 512 });
    const kept = await planGrpo(runtime(), model, long);
    const again = await planGrpo(runtime(), model, { ...long, gradient_checkpointing: true });
    const update = (plan: typeof kept) => plan.owners.get('GrpoUpdater') ?? Number.NaN;
    expect(update(again)).toBeLessThan(0.5 * update(kept));
    expect(again.bytes).toBeLessThan(0.85 * kept.bytes);
    expect([...kept.owners.values()].reduce((sum, bytes) => sum + bytes, 0)).toBe(kept.bytes);
    expect(memory.bytes).toBe(before);
  });

  it('refuses a run that a buffer of the device cannot hold, before anything is allocated, and says what to do', async () => {
    const model = await tinyModel(runtime(), true);
    const { memory } = runtime().device;
    const before = memory.bytes;
    const config = grpoConfig({ num_prompts: 8, num_generations: 8, max_completion_length: 64 });
    const create = GrpoTraining.create(withLimit(100_000), model, getTask('chained_sums'), DIFFICULTY, config);
    await expect(create).rejects.toMatchObject({
      code: 'device_too_small',
      userMessage: expect.stringMatching(
        /maxStorageBufferBindingSize = 0.1 MB, but [\d.]+ MB is needed for \S+\.\S+\.$/,
      ),
      remedy: expect.stringMatching(/gradient_checkpointing/),
    });
    expect(memory.bytes).toBe(before);
    model.weights.destroy();
  });
});
