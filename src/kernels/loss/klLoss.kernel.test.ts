import { describe, expect, test } from 'vitest';
import * as reference from '../../reference/klLoss';
import { expectClose } from '../../testing/close';
import { setUpKernelRunner } from '../../testing/kernelRunner';
import { normalFloats } from '../../testing/numbers';
import { klLoss, klLossBackward } from './klLoss';

const runner = setUpKernelRunner();

async function check(logits: Float32Array, teacher: Float32Array, rows: number, temperature: number): Promise<void> {
  const gpu = runner();
  const vocabulary = logits.length / rows;
  const weights = normalFloats(rows, 3).map((weight, n) => (n % 3 === 1 ? 0 : weight));
  const given = { logits: gpu.floats(logits), teacher: gpu.floats(teacher), weights: gpu.floats(weights) };
  const [kl, norms, terms] = [gpu.output(rows), gpu.output(rows * 2), gpu.output(rows)];
  const d_logits = gpu.output(logits.length);
  const shape = { rows, vocabulary, temperature };
  await gpu.run(
    klLoss(shape, { ...given, kl, norms, terms }),
    klLossBackward(shape, { ...given, kl, norms, d_logits }),
  );
  const expected = reference.klDivergence(logits, teacher, rows, temperature).map((v, n) => (weights[n] === 0 ? 0 : v));
  const tolerance = { relative: 2e-6, absolute: 4e-6, because: `f32 sums of ${vocabulary} exponentials` };
  expectClose(await gpu.readFloats(kl), expected, tolerance);
  expectClose(
    await gpu.readFloats(terms),
    expected.map((v, n) => v * (weights[n] as number)),
    tolerance,
  );
  const expectedGrad = reference.klDivergenceBackward(weights, logits, teacher, temperature);
  expectClose(await gpu.readFloats(d_logits), expectedGrad, { ...tolerance, absolute: 8e-6 });
}

describe('reverse KL divergence from a teacher', () => {
  test.each([1, 63, 64, 65, 131])('forward and backward of %i rows', async (rows) => {
    for (const vocabulary of [1, 2, 67, 128]) {
      for (const temperature of [1, 0.6]) {
        await check(normalFloats(rows * vocabulary, 1), normalFloats(rows * vocabulary, 2), rows, temperature);
      }
    }
  });

  test('tokens that a distribution rules out neither overflow nor give what is not a number', async () => {
    await check(Float32Array.of(50, -50, 0, 5, 5, 5), Float32Array.of(0, 0, 0, -40, 40, 0), 2, 1);
  });

  test('of a model from itself is zero, and so is its gradient', async () => {
    const gpu = runner();
    const logits = gpu.floats(normalFloats(128, 1));
    const [kl, norms, terms, d_logits] = [gpu.output(2), gpu.output(4), gpu.output(2), gpu.output(128)];
    const bindings = { logits, teacher: logits, weights: gpu.floats([1, 1]), kl, norms };
    const shape = { rows: 2, vocabulary: 64, temperature: 1 };
    await gpu.run(klLoss(shape, { ...bindings, terms }), klLossBackward(shape, { ...bindings, d_logits }));
    expect(await gpu.readFloats(kl)).toEqual(new Float32Array(2));
    expect(await gpu.readFloats(d_logits)).toEqual(new Float32Array(128));
  });
});
