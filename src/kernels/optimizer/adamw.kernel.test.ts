import { describe, expect, test } from 'vitest';
import * as reference from '../../reference/adamw';
import { expectClose } from '../../testing/close';
import { type KernelRunner, setUpKernelRunner } from '../../testing/kernelRunner';
import { normalFloats } from '../../testing/numbers';
import {
  adamw,
  adamwPartials,
  gradNormPartial,
  halve,
  initialAdamwState,
  packAdamwSettings,
  packUndecayed,
  unpackAdamwState,
} from './adamw';

const runner = setUpKernelRunner();
const settings = { learningRate: 3e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1, maxNorm: 1 };

/** Ranges that weight decay leaves alone. */
type Undecayed = Parameters<typeof packUndecayed>[1];

function optimizer(
  gpu: KernelRunner,
  size: number,
  initial: Float32Array,
  maxNorm = settings.maxNorm,
  undecayed: Undecayed = [],
) {
  const t = {
    weights: gpu.floats(initial),
    gradient: gpu.zeros(size),
    firstMoment: gpu.zeros(size),
    secondMoment: gpu.zeros(size),
    partials: gpu.output(adamwPartials([size]).total),
    settings: gpu.floats(packAdamwSettings({ ...settings, maxNorm })),
    state: gpu.floats(initialAdamwState()),
    undecayed: gpu.words(packUndecayed(size, undecayed)),
  };
  return {
    t,
    /** One step with this gradient; the state after it. */
    async step(gradient: Float32Array) {
      const given = { ...t, size, gradient: gpu.floats(gradient) };
      await gpu.run(...adamw([given], given));
      expect((await gpu.readFloats(given.gradient)).every((value) => value === 0)).toBe(true);
      return unpackAdamwState((await gpu.readWords(t.state)).buffer as ArrayBuffer);
    },
  };
}

describe('AdamW', () => {
  test.each([1, 63, 64, 65, 257, 20_001])('ten steps over %i parameters, clipped and not', async (size) => {
    for (const maxNorm of [1, 1e6]) {
      const initial = normalFloats(size, 1);
      const { t, step } = optimizer(runner(), size, initial, maxNorm);
      const state = {
        weight: Float64Array.from(initial),
        m: new Float64Array(size),
        v: new Float64Array(size),
      };
      for (let i = 1; i <= 10; i++) {
        const gradient = normalFloats(size, 10 + i);
        const norm = reference.globalNorm([gradient]);
        reference.adamw(state, gradient, reference.clipScale(norm, maxNorm), i, settings);
        const after = await step(gradient);
        expectClose([after.norm], [norm], { relative: 1e-6, because: 'an f32 sum of squares by chunks' });
        expect([after.steps, after.skipped]).toEqual([i, 0]);
      }
      const moved = (weights: ArrayLike<number>) =>
        Array.from(weights, (weight, i) => weight - (initial[i] ?? Number.NaN));
      // The movement, not the weight: an optimizer that did nothing would be within 3 % of the weights.
      expectClose(moved(await runner().readFloats(t.weights)), moved(state.weight), {
        absolute: 2e-6,
        because: 'ten steps of up to 3e-3 in f32, on weights up to 4',
      });
      expectClose(await runner().readFloats(t.firstMoment), state.m, { relative: 1e-5, because: 'f32' });
      expectClose(await runner().readFloats(t.secondMoment), state.v, { relative: 1e-5, because: 'f32' });
    }
  });

  test('weight decay leaves alone what it is told to', async () => {
    const size = 40 * 128;
    const initial = new Float32Array(size).fill(1);
    // Ends inside a block, spans a word of bits, and lies in the second word.
    const undecayed = [
      { offset: 128, size: 5 },
      { offset: 30 * 128, size: 3 * 128 },
      { offset: 39 * 128, size: 128 },
    ];
    const { t, step } = optimizer(runner(), size, initial, 1, undecayed);
    await step(new Float32Array(size));
    const isLeft = (i: number) => [1, 30, 31, 32, 39].includes(Math.floor(i / 128));
    const expected = initial.map((weight, i) => weight * (isLeft(i) ? 1 : 1 - 3e-3 * 0.1));
    expectClose(await runner().readFloats(t.weights), expected, { relative: 1e-7, because: 'one f32 product' });
  });

  test('chunks that several threads share are summed as any others', async () => {
    const gradient = normalFloats(10_001, 7);
    const partials = runner().output(3);
    await runner().run(
      gradNormPartial({ size: 10_001, chunk: 4096 }, { gradient: runner().floats(gradient), partials }),
    );
    const chunks = [0, 1, 2].map((i) => reference.globalNorm([gradient.subarray(i * 4096, (i + 1) * 4096)]) ** 2);
    expectClose(await runner().readFloats(partials), chunks, { relative: 1e-6, because: 'f32 sums of 4,096 squares' });
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('a gradient with a %f skips the step and says so', async (bad) => {
    const initial = normalFloats(300, 1);
    const { t, step } = optimizer(runner(), 300, initial);
    const gradient = normalFloats(300, 2);
    gradient[299] = bad;
    const skipped = await step(gradient);
    expect([skipped.steps, skipped.skipped, Number.isFinite(skipped.norm)]).toEqual([0, 1, false]);
    expect(await runner().readFloats(t.weights)).toEqual(initial);
    expect((await runner().readFloats(t.secondMoment)).every((value) => value === 0)).toBe(true);
    expect(await step(normalFloats(300, 3))).toMatchObject({ steps: 1, skipped: 1 });
    expect(await runner().readFloats(t.weights)).not.toEqual(initial);
  });
});

test('halves are rounded to the nearest, of two the even one, and never to infinity', async ({ skip }) => {
  const gpu = runner();
  if (!gpu.features.has('shader-f16')) return skip('this device has no shader-f16');
  const size = (bits: number) => (bits < 1024 ? bits * 2 ** -24 : (1024 + (bits % 1024)) * 2 ** ((bits >> 10) - 25));
  const largest = 0x7bff;
  const cases: (readonly [x: number, bits: number])[] = [
    [1e9, largest],
    [Number.POSITIVE_INFINITY, largest],
  ];
  for (let bits = 0; bits < largest; bits++) {
    const middle = (size(bits) + size(bits + 1)) / 2;
    const even = bits + (bits % 2);
    cases.push(
      [size(bits), bits],
      [middle, even],
      [middle * (1 - 2 ** -24), bits],
      [middle * (1 + 2 ** -23), bits + 1],
    );
  }
  const signed = cases.flatMap(([x, bits]) => [[x, bits] as const, [-x, bits | 0x8000] as const]);
  const y = gpu.output(signed.length / 2);
  await gpu.run(halve(signed.length, { x: gpu.floats(signed.map(([x]) => x)), y }));
  const got = new Uint16Array((await gpu.readWords(y)).buffer);
  expect(signed.filter(([, bits], i) => got[i] !== bits)).toEqual([]);
});
