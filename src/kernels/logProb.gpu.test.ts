import { describe, test } from 'vitest';
import * as reference from '../reference/logProb';
import { expectClose } from '../testing/close';
import { setUpKernelRunner } from '../testing/kernelRunner';
import { integers, normalFloats } from '../testing/numbers';
import { likelihoodLoss, logProb, logProbBackward } from './logProb';

const runner = setUpKernelRunner();

async function check(logits: Float32Array, rows: number, temperature: number): Promise<void> {
  const gpu = runner();
  const vocabulary = logits.length / rows;
  const targets = integers(rows, vocabulary, 2);
  const slopes = normalFloats(rows * 2, 3);
  const given = { logits: gpu.floats(logits), targets: gpu.words(targets) };
  const [log_prob, entropy, log_sum_exp] = [gpu.output(rows), gpu.output(rows), gpu.output(rows)];
  const d_logits = gpu.output(logits.length);
  const shape = { rows, vocabulary, temperature };
  await gpu.run(
    logProb(shape, { ...given, log_prob, entropy, log_sum_exp }),
    logProbBackward(shape, { ...given, log_sum_exp, entropy, slopes: gpu.floats(slopes), d_logits }),
  );
  const expected = reference.logProb(logits, targets, temperature);
  const tolerance = { relative: 1e-6, absolute: 2e-6, because: `f32 sums of ${vocabulary} exponentials` };
  expectClose(await gpu.readFloats(log_prob), expected.logp, tolerance);
  expectClose(await gpu.readFloats(entropy), expected.entropy, tolerance);
  expectClose(await gpu.readFloats(log_sum_exp), expected.logSumExp, tolerance);
  const [dLogp, dEntropy] = [slopes.filter((_, i) => i % 2 === 0), slopes.filter((_, i) => i % 2 === 1)];
  const expectedGrad = reference.logProbBackward(dLogp, dEntropy, logits, targets, temperature);
  expectClose(await gpu.readFloats(d_logits), expectedGrad, { ...tolerance, absolute: 4e-6 });
}

describe('log-probability and entropy', () => {
  test.each([1, 63, 64, 65, 131])('forward and backward of %i rows', async (rows) => {
    for (const vocabulary of [1, 2, 67, 128]) {
      for (const temperature of [1, 0.6]) await check(normalFloats(rows * vocabulary, 1), rows, temperature);
    }
  });

  test('logits far apart overflow nothing', async () => {
    await check(Float32Array.of(300, -300, 0, -1e4, 1e4, 5, 5, 5), 2, 1);
  });
});

test.each([1, 63, 64, 65])('the likelihood loss of %i tokens: terms and slopes', async (rows) => {
  const gpu = runner();
  const [logp, weights] = [normalFloats(rows, 1), normalFloats(rows, 2)];
  const [slopes, terms] = [gpu.output(rows * 2), gpu.output(rows)];
  await gpu.run(likelihoodLoss(rows, { log_prob: gpu.floats(logp), weights: gpu.floats(weights), slopes, terms }));
  const exact = { relative: 1e-7, because: 'one f32 product' };
  expectClose(
    await gpu.readFloats(slopes),
    Array.from(weights).flatMap((weight) => [-weight, 0]),
    exact,
  );
  expectClose(
    await gpu.readFloats(terms),
    weights.map((weight, n) => -weight * (logp[n] ?? Number.NaN)),
    exact,
  );
});
