// fp8: products of hidden states with weights take both in eight bits; everything else stays as it is.
import { describe, expect, it } from 'vitest';
import { type DeviceBuffer, whole } from '../device/contract';
import type { LanguageModel } from '../engine/languageModel';
import { type FloatTensor, readFloats } from '../lib/tensors/storedTensor';
import { PrecisionError } from '../model/precision';
import { fp8Tiles } from '../reference/fp8';
import { logProb, logProbBackward } from '../reference/logProb';
import { referenceModel } from '../reference/model';
import { getTask } from '../tasks/registry';
import { relativeL2 } from '../testing/close';
import { setUpRuntime, tinyModel, tinyRecipe } from '../testing/tinyModel';
import { GrpoTraining } from './grpo/grpo';
import { grpoConfig } from './grpo/grpoConfig';
import { checkGrpoConfig } from './grpo/grpoConfigChecks';
import { lengthOf, type Sequence } from './packing';
import { createLikelihoodParts } from './texts/likelihoodParts';
import { LikelihoodTraining } from './texts/likelihoodTraining';
import { corpusText } from './texts/pretrain';

const runtime = setUpRuntime();

const textsOf = ({ tokenizer }: LanguageModel, recipe = tinyRecipe()) =>
  Array.from({ length: 14 }, (_, index) => corpusText(recipe, tokenizer, index));

/** The gradient of the mean loss of the texts, by parameter, on the device. */
async function gradientsOf(
  model: LanguageModel,
  texts: readonly Sequence[],
  capacity: number,
  precision: 'f32' | 'fp8',
) {
  const parts = await createLikelihoodParts(runtime(), model.weights, { capacity, biasSpeed: 0, precision });
  parts.gradient.accumulate(texts);
  const gradients = await model.weights.readGradients(runtime().readback);
  const clear = model.weights.pools.map(({ gradient }) => ({ clear: whole(gradient as DeviceBuffer) }));
  runtime().device.transfer('clear', clear);
  parts.gradient.destroy();
  return gradients;
}

/** The same in f64, by what the report says. */
async function referenceGradients({ architecture, folder }: LanguageModel, texts: readonly Sequence[]) {
  const tensors = new Map<string, Float32Array>();
  for (const [name, tensor] of folder.tensors) tensors.set(name, await readFloats(tensor));
  const ids: number[] = [];
  const starts: number[] = [];
  const targets: number[] = [];
  const counted: number[] = [];
  for (const { prompt, completion } of texts) {
    const tokens = [...prompt, ...completion];
    const start = ids.length;
    tokens.forEach((id, i) => {
      ids.push(id);
      starts.push(start);
      targets.push(tokens[i + 1] ?? 0);
      counted.push(i + 1 >= prompt.length && i + 1 < tokens.length ? 1 : 0);
    });
  }
  const model = referenceModel(architecture, tensors, ids, starts, { isFp8: true });
  const weight = 1 / counted.reduce((sum, one) => sum + one, 0);
  const { logp } = logProb(model.logits, targets, 1);
  expect(logp.every(Number.isFinite)).toBe(true);
  const dLogp = counted.map((one) => -one * weight);
  return model.backward(logProbBackward(dLogp, new Float64Array(ids.length), model.logits, targets, 1));
}

/** Widths that four divides, and beyond a tile; widths that it does not. */
const MODELS: { readonly name: string; readonly model: Record<string, number | boolean> }[] = [
  { name: 'wider than a tile', model: { hidden_size: 132, intermediate_size: 24 } },
  {
    name: 'of odd widths',
    model: { hidden_size: 18, moe_intermediate_size: 15, kv_lora_rank: 9, attention_bias: true },
  },
];

describe.each(MODELS)('fp8 in a model $name', ({ model: changes }) => {
  const recipe = tinyRecipe({ steps: 24, model: { ...tinyRecipe().model, ...changes } });

  it('gives the gradients that the report’s equations give', async () => {
    const model = await tinyModel(runtime(), true, recipe);
    const texts = textsOf(model, recipe);
    const capacity = texts.reduce((sum, text) => sum + lengthOf(text), 0);
    expect(capacity).toBeGreaterThan(128);
    const full = await gradientsOf(model, texts, capacity, 'f32');
    const rounded = await gradientsOf(model, texts, capacity, 'fp8');
    const expected = await referenceGradients(model, texts);
    for (const [name, { data }] of rounded) {
      const wanted = expected.get(name) ?? [];
      // A number that lies about halfway may take its other neighbour.
      expect(relativeL2(data, wanted), name).toBeLessThan(0.02);
      expect(relativeL2(full.get(name)?.data ?? [], wanted), `${name} in f32`).toBeGreaterThan(0.05);
    }
    model.weights.destroy();
  });
});

it('learns from texts as f32 does, and keeps f32', async () => {
  const recipe = tinyRecipe({ steps: 24 });
  const learn = async (fp8: boolean) => {
    const model = await tinyModel(runtime(), true, recipe);
    const textAt = (index: number) => corpusText(recipe, model.tokenizer, index);
    const run = await LikelihoodTraining.create(runtime(), model, { ...recipe, fp8 }, textAt);
    await run.run();
    const { loss: first } = await run.readMetrics();
    while (run.step < 20) await run.run();
    await run.readMetrics();
    while (!run.isDone) await run.run();
    const { loss, skipped_steps } = await run.readMetrics();
    const tensors = await model.weights.read(runtime().readback);
    run.destroy();
    model.weights.destroy();
    return { first: first as number, loss: loss as number, skipped_steps, tensors };
  };
  const [full, rounded] = [await learn(false), await learn(true)];
  expect(rounded.loss).toBeLessThan(0.8 * rounded.first);
  expect(rounded.loss).not.toBe(full.loss);
  expect(Math.abs(rounded.loss / full.loss - 1)).toBeLessThan(0.05);
  expect(rounded.skipped_steps).toBeUndefined();
  const { data, shape } = rounded.tensors.get('layers.0.feedForward.down.weight') as FloatTensor;
  const [rows, width] = shape as [number, number];
  const asRead = fp8Tiles(data, { rows, width }, { rows: 128, columns: 128 });
  expect(data.some((value, i) => value !== asRead[i])).toBe(true);
});

it.each<{ name: string; model: Record<string, number> }>([
  { name: 'latents', model: {} },
  { name: 'latents wider than a tile, and low-rank queries', model: { kv_lora_rank: 132, q_lora_rank: 10 } },
])('lets sampler and trainer agree, and the reference model with both: $name', async ({ model: changes }) => {
  const model = await tinyModel(runtime(), true, tinyRecipe({ model: { ...tinyRecipe().model, ...changes } }));
  const config = grpoConfig({
    ...{ num_prompts: 4, num_generations: 8, max_completion_length: 16, max_steps: 2, learning_rate: 1e-2 },
    // Lengths differ between untrained rollouts, so every step has something to learn.
    ...{ beta: 0.05, reward_weights: { soft_overlong: 1, format: 1 }, fp8: true },
  });
  const difficulty = { min_terms: 2, max_terms: 3, max_number: 9 };
  const trainer = await GrpoTraining.create(runtime(), model, getTask('chained_sums'), difficulty, config);
  const steps = [await trainer.takeStep(), await trainer.takeStep()];
  // Here and there a number lies halfway, and one of the two rounds it up.
  for (const { metrics } of steps) expect(metrics['sampling/sampling_logp_difference/mean']).toBeLessThan(1e-3);
  expect(steps[0]?.metrics.kl).toBeLessThan(1e-9);
  expect(steps[1]?.metrics.kl).toBeGreaterThan(1e-7);
  await trainer.destroy();
  model.weights.destroy();
});

it('is refused together with fp16', async () => {
  const model = await tinyModel(runtime(), true);
  const both = { ...tinyRecipe(), fp16: true, fp8: true };
  const refused = LikelihoodTraining.create(runtime(), model, both, (index) =>
    corpusText(both, model.tokenizer, index),
  );
  await expect(refused).rejects.toThrow(PrecisionError);
  expect(() => checkGrpoConfig(grpoConfig({ fp16: true, fp8: true }))).toThrow(PrecisionError);
  model.weights.destroy();
});
