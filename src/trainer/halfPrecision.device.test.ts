// fp16: the model's weights are read in half precision; everything else stays as it is.
import { describe, expect, it } from 'vitest';
import { type DeviceBuffer, whole } from '../device/contract';
import { HalfPrecisionError } from '../device/errors';
import type { LanguageModel } from '../engine/languageModel';
import { floatTensor, readFloats, type StoredTensor } from '../lib/tensors/storedTensor';
import { getTask } from '../tasks/registry';
import { expectClose, relativeL2 } from '../testing/close';
import { setUpRuntime, tinyModel, tinyRecipe } from '../testing/tinyModel';
import { GrpoTraining } from './grpo/grpo';
import { grpoConfig } from './grpo/grpoConfig';
import { ScorePass } from './scorePass';
import { LikelihoodTraining } from './texts/likelihoodTraining';
import { corpusText } from './texts/pretrain';
import { TrainingBatch } from './trainingPass';

const runtime = setUpRuntime();
const NO_F16 = 'this device has no shader-f16';

/** Whether the device has half precision; else says that the test is skipped, and why. */
function hasHalf(skip: (because: string) => void): boolean {
  const has = runtime().device.features.has('shader-f16');
  if (!has) skip(NO_F16);
  return has;
}

/** x rounded to half precision, ties to even. */
function toHalf(x: number): number {
  const exponent = Math.max(-14, Math.floor(Math.log2(Math.abs(x) || 1)));
  const step = 2 ** (exponent - 10);
  const [below, rest] = [Math.floor(x / step), x / step - Math.floor(x / step)];
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  return Math.min(65504, Math.max(-65504, (below + (up ? 1 : 0)) * step));
}

async function rounded(tensors: ReadonlyMap<string, StoredTensor>): Promise<Map<string, StoredTensor>> {
  const result = new Map<string, StoredTensor>();
  for (const [name, tensor] of tensors) {
    const data = await readFloats(tensor);
    result.set(name, floatTensor(tensor.shape, name.endsWith('bias') ? data : data.map(toHalf)));
  }
  return result;
}

async function logitsOf({ weights, tokenizer }: LanguageModel): Promise<Float32Array> {
  const owner = new TrainingBatch(runtime(), weights, 64);
  const program = await ScorePass.compile(owner, weights, { keepsLogits: true });
  owner.batch.write(
    [0, 1]
      .map((index) => corpusText(tinyRecipe(), tokenizer, index))
      .map(({ prompt, completion }) => [...prompt, ...completion]),
  );
  program.submit();
  const logits = await program.readLogits();
  program.destroy();
  owner.destroy();
  return logits;
}

/** Sizes that four divides, and sizes that it does not: other kernels. */
const MODELS: { readonly name: string; readonly model: Record<string, number | boolean> }[] = [
  { name: 'in fours', model: {} },
  {
    name: 'one at a time',
    model: { hidden_size: 18, moe_intermediate_size: 15, kv_lora_rank: 9, attention_bias: true },
  },
];

describe.each(MODELS)('fp16 in a model read $name', ({ model: changes }) => {
  const recipe = tinyRecipe({ steps: 24, model: { ...tinyRecipe().model, ...changes } });

  it('computes what f32 does with weights rounded to half precision', async ({ skip }) => {
    if (!hasHalf(skip)) return;
    const model = await tinyModel(runtime(), false, recipe);
    const full = await logitsOf(model);
    await model.weights.setPrecision('fp16');
    const half = await logitsOf(model);
    // Whatever kernel makes the products, which a software device would not choose by itself.
    const { preferences } = runtime().device;
    const before = new Map(preferences);
    for (const subject of before.keys()) preferences.set(subject, 'tile 32×32');
    await model.weights.setPrecision('fp16');
    const tiled = await logitsOf(model);
    await model.weights.setPrecision('f32');
    for (const [subject, chosen] of before) preferences.set(subject, chosen);
    expect(tiled).toEqual(half);
    await model.weights.write(await rounded(model.folder.tensors));
    expectClose(half, await logitsOf(model), { relative: 1e-6, because: 'the same f32 sums of the same numbers' });
    const difference = relativeL2(half, full);
    // Each weight moves by up to 2⁻¹¹ of itself, and a token by some ten projections.
    expect(difference).toBeGreaterThan(1e-5);
    expect(difference).toBeLessThan(5e-3);
    model.weights.destroy();
  });

  it('learns from texts as f32 does, and keeps, saves and exports f32', async ({ skip }) => {
    if (!hasHalf(skip)) return;
    const learn = async (fp16: boolean) => {
      const model = await tinyModel(runtime(), true, recipe);
      const textAt = (index: number) => corpusText(recipe, model.tokenizer, index);
      const run = await LikelihoodTraining.create(runtime(), model, { ...recipe, fp16 }, textAt);
      await run.run();
      const { loss: first } = await run.readMetrics();
      while (run.step < 20) await run.run();
      await run.readMetrics();
      while (!run.isDone) await run.run();
      const { loss, skipped_steps } = await run.readMetrics();
      run.destroy();
      return { model, first: first as number, loss: loss as number, skipped_steps };
    };
    const [full, half] = [await learn(false), await learn(true)];
    expect(half.loss).toBeLessThan(0.8 * half.first);
    expect(Math.abs(half.loss / full.loss - 1)).toBeLessThan(0.03);
    expect(half.skipped_steps).toBeUndefined();
    const { weights } = half.model;
    const kept = await weights.readFlat(runtime().readback);
    expect(kept.some((value) => toHalf(value) !== value)).toBe(true);
    const [bytes] = await runtime().readback.read([whole(weights.pools[0]?.halves as DeviceBuffer)]);
    const bits = new Uint16Array(bytes as ArrayBuffer);
    const fromBits = (b: number) => {
      const [exponent, fraction] = [(b >> 10) & 31, b & 1023];
      const size = exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
      return b & 0x8000 ? -size : size;
    };
    expectClose(Array.from(bits, fromBits), Array.from(kept, toHalf), {
      absolute: 0,
      because: 'halves of the f32 weights',
    });
    for (const { model } of [full, half]) model.weights.destroy();
  });

  it('lets sampler and trainer agree, and the reference model with both', async ({ skip }) => {
    if (!hasHalf(skip)) return;
    const model = await tinyModel(runtime(), true, recipe);
    const config = grpoConfig({
      ...{ num_prompts: 4, num_generations: 8, max_completion_length: 16, max_steps: 2, learning_rate: 1e-2 },
      // Lengths differ between untrained rollouts, so every step has something to learn.
      ...{ beta: 0.05, reward_weights: { soft_overlong: 1, format: 1 }, fp16: true },
    });
    const difficulty = { min_terms: 2, max_terms: 3, max_number: 9 };
    const trainer = await GrpoTraining.create(runtime(), model, getTask('chained_sums'), difficulty, config);
    const steps = [await trainer.takeStep(), await trainer.takeStep()];
    for (const { metrics } of steps) expect(metrics['sampling/sampling_logp_difference/max']).toBeLessThan(1e-5);
    expect(steps[0]?.metrics.kl).toBeLessThan(1e-9);
    expect(steps[1]?.metrics.kl).toBeGreaterThan(1e-7);
    await trainer.destroy();
    model.weights.destroy();
  });
});

describe('fp16 without shader-f16', () => {
  it('is refused with what to do', async ({ skip }) => {
    if (runtime().device.features.has('shader-f16')) return skip('this device has shader-f16');
    const model = await tinyModel(runtime(), true);
    const refused = model.weights.setPrecision('fp16');
    await expect(refused).rejects.toThrow(HalfPrecisionError);
    await expect(refused).rejects.toMatchObject({ remedy: expect.stringMatching(/fp16/) });
    model.weights.destroy();
  });
});
