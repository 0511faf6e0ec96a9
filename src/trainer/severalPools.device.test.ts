// A model whose weights a device takes in several buffers only: it says and learns the same as where they lie in one.
import { expect, it, vi } from 'vitest';
import type { FloatTensor } from '../lib/tensors/storedTensor';
import { parameterShapes } from '../model/parameterShapes';
import { Weights } from '../model/weights';
import { getTask } from '../tasks/registry';
import { setUpRuntime, tinyModel, tinyRecipe } from '../testing/tinyModel';
import { GrpoTraining } from './grpo/grpo';
import { type GrpoOptions, grpoConfig } from './grpo/grpoConfig';
import { initialFolder } from './texts/pretrain';
import type { TrainingMemory } from './training';

const runtime = setUpRuntime();

/** Bytes of a binding: a third of what the weights have. */
const SMALL_BINDING = 16 * 1024;
const DIFFICULTY = { min_terms: 2, max_terms: 2, max_number: 9 };

/** Does something with a device whose limit is so small wherever weights are laid out. */
async function withSmallBindings<T>(use: () => Promise<T>, bindingBytes = SMALL_BINDING): Promise<T> {
  const allocate = Weights.allocate.bind(Weights);
  const allocating = vi.spyOn(Weights, 'allocate').mockImplementation((device, ...rest) => {
    const { limits } = device;
    const setLimits = (value: typeof limits) => Object.defineProperty(device, 'limits', { value, configurable: true });
    setLimits({ ...limits, maxStorageBufferBindingSize: bindingBytes });
    try {
      return allocate(device, ...rest);
    } finally {
      setLimits(limits);
    }
  });
  try {
    return await use();
  } finally {
    allocating.mockRestore();
  }
}

/** What a run said, and all that it left. */
interface Trained {
  readonly tensors: ReadonlyMap<string, FloatTensor>;
  readonly snapshot: TrainingMemory;
  readonly said: number[][];
  readonly norms: number[];
  readonly pools: number;
}

/** Trains for two steps. @param from what it goes on from. */
async function train(options: GrpoOptions, from?: Trained): Promise<Trained> {
  const model = await tinyModel(runtime(), true);
  const config = grpoConfig({
    num_prompts: 2,
    num_generations: 4,
    max_completion_length: 8,
    learning_rate: 1e-2,
    // Not reached: the order in which the squares of a gradient are summed is not the same in several pools.
    max_grad_norm: 1e6,
    beta: 0.05,
    sync_ref_model: true,
    ref_model_sync_steps: 1,
    reward_weights: { soft_overlong: 1, format: 1, language_consistency_en: 0.5 },
    seed: 7,
    ...options,
  });
  const trainer = await GrpoTraining.create(runtime(), model, getTask('chained_sums'), DIFFICULTY, config);
  if (from) {
    await model.weights.write(from.tensors);
    trainer.restore(from.snapshot);
  }
  const said: number[][] = [];
  const norms: number[] = [];
  while (norms.length < 2) {
    const { groups, metrics } = await trainer.takeStep();
    said.push(...groups.flatMap(({ members }) => members.map(({ answer }) => [...answer.rollout.tokens])));
    norms.push(metrics.grad_norm as number);
  }
  const tensors = await model.weights.read(runtime().readback);
  const result = { tensors, said, norms, snapshot: await trainer.remember(), pools: model.weights.pools.length };
  await trainer.destroy();
  model.weights.destroy();
  return result;
}

const bits = ({ tensors, snapshot }: Trained) => ({
  weights: [...tensors].map(([name, { data }]) => [name, Buffer.from(data.slice().buffer).toString('base64')]),
  moments: Buffer.from((snapshot.arrays.secondMoment as Float32Array).slice().buffer).toString('base64'),
  reference: snapshot.arrays.reference && Buffer.from(snapshot.arrays.reference.slice().buffer).toString('base64'),
});

it.each([4, 32])('with room for %i rollouts, several pools give the bits of one', async (rollouts) => {
  const options = { num_generations: rollouts / 2 };
  const one = await train(options);
  const several = await withSmallBindings(() => train(options));
  expect(one.pools).toBe(1);
  expect(several.pools).toBeGreaterThan(2);
  expect(several.said).toEqual(one.said);
  expect(bits(several)).toEqual(bits(one));
  for (const [i, norm] of several.norms.entries()) expect(norm / (one.norms[i] as number)).toBeCloseTo(1, 5);
});

it('read in half precision they give the bits of one', async ({ skip }) => {
  if (!runtime().device.features.has('shader-f16')) return skip('this device has no shader-f16');
  const one = await train({ fp16: true });
  const several = await withSmallBindings(() => train({ fp16: true }));
  expect(several.pools).toBeGreaterThan(2);
  expect(one.said).not.toEqual((await train({})).said);
  expect(several.said).toEqual(one.said);
  expect(bits(several)).toEqual(bits(one));
});

it('what several pools leave is gone on from with one', async () => {
  const half = await withSmallBindings(() => train({}));
  const inOne = await train({}, half);
  const inSeveral = await withSmallBindings(() => train({}, half));
  expect(inOne.said).not.toEqual(half.said);
  expect(inSeveral.said).toEqual(inOne.said);
  expect(bits(inSeveral)).toEqual(bits(inOne));
});

it('what is larger than a binding is refused before any of it is read', async () => {
  const { description } = initialFolder(tinyRecipe());
  const shapes = parameterShapes(description.architecture);
  const read = vi.fn();
  const tensors = new Map([...shapes].map(([name, shape]) => [name, { dtype: 'F32' as const, shape, read }]));
  const before = runtime().device.memory.bytes;
  const upload = () => Weights.upload(runtime().device, description.architecture, tensors, false);
  await expect(withSmallBindings(upload, 4096)).rejects.toThrow(/allows maxStorageBufferBindingSize = 0.0041 MB/);
  expect(read).not.toHaveBeenCalled();
  expect(runtime().device.memory.bytes).toBe(before);
});
