import { describe, test } from 'vitest';
import * as reference from '../../reference/logProb';
import { expectClose } from '../../testing/close';
import { setUpKernelRunner } from '../../testing/kernelRunner';
import { integers, normalFloats } from '../../testing/numbers';
import { likelihoodLoss, logProb, logProbBackward } from './logProb';

const runner = setUpKernelRunner();

/** @param chunks columns of each chunk that the logits come in. */
async function check(
  logits: Float32Array,
  rows: number,
  temperature: number,
  chunks?: readonly number[],
): Promise<void> {
  const gpu = runner();
  const vocabulary = logits.length / rows;
  const targets = integers(rows, vocabulary, 2);
  const slopes = normalFloats(rows * 2, 3);
  const known = { targets: gpu.words(targets), entropy: gpu.output(rows), log_sum_exp: gpu.output(rows) };
  const log_prob = gpu.output(rows);
  const running = chunks && gpu.output(rows * 4);
  const shape = { rows, vocabulary, temperature };
  let first = 0;
  const parts = (chunks ?? [vocabulary]).map((columns) => {
    const chunk = { first, columns };
    const own = Float32Array.from({ length: rows * columns }, (_, i) => {
      const [row, column] = [Math.floor(i / columns), i % columns];
      return logits[row * vocabulary + chunk.first + column] as number;
    });
    first += columns;
    return { chunk, logits: gpu.floats(own) };
  });
  await gpu.run(
    ...parts.map((part) =>
      logProb({ ...shape, chunk: part.chunk }, { ...known, logits: part.logits, log_prob, running }),
    ),
    ...parts.map((part) =>
      logProbBackward({ ...shape, chunk: part.chunk }, { ...known, logits: part.logits, slopes: gpu.floats(slopes) }),
    ),
  );
  const expected = reference.logProb(logits, targets, temperature);
  const tolerance = { relative: 1e-6, absolute: 2e-6, because: `f32 sums of ${vocabulary} exponentials` };
  expectClose(await gpu.readFloats(log_prob), expected.logp, tolerance);
  expectClose(await gpu.readFloats(known.entropy), expected.entropy, tolerance);
  expectClose(await gpu.readFloats(known.log_sum_exp), expected.logSumExp, tolerance);
  const [dLogp, dEntropy] = [slopes.filter((_, i) => i % 2 === 0), slopes.filter((_, i) => i % 2 === 1)];
  const expectedGrad = reference.logProbBackward(dLogp, dEntropy, logits, targets, temperature);
  for (const { chunk, logits: dLogits } of parts) {
    const wanted = Array.from({ length: rows }, (_, row) => [
      ...expectedGrad.subarray(row * vocabulary + chunk.first, row * vocabulary + chunk.first + chunk.columns),
    ]).flat();
    expectClose(await gpu.readFloats(dLogits), wanted, { ...tolerance, absolute: 4e-6 });
  }
}

describe('log-probability and entropy', () => {
  test.each([1, 63, 64, 65, 131])('forward and backward of %i rows', async (rows) => {
    for (const vocabulary of [1, 2, 67, 128]) {
      for (const temperature of [1, 0.6]) await check(normalFloats(rows * vocabulary, 1), rows, temperature);
    }
  });

  test.each([255, 256, 257, 700])('a vocabulary of %i, with several threads a row from 256 on', async (vocabulary) => {
    for (const rows of [1, 67]) await check(normalFloats(rows * vocabulary, 1), rows, 0.6);
  });

  test('logits in chunks, narrow and wide, even and odd', async () => {
    for (const chunks of [
      [1, 2],
      [64, 3],
      [64, 64, 64],
      [256, 300, 5],
      [320, 320, 257],
    ]) {
      const vocabulary = chunks.reduce((sum, columns) => sum + columns, 0);
      for (const rows of [1, 65]) await check(normalFloats(rows * vocabulary, 1), rows, 0.6, chunks);
    }
  });

  test('logits far apart overflow nothing', async () => {
    const logits = Float32Array.of(300, -300, 0, -1e4, 1e4, 5, 5, 5);
    await check(logits, 2, 1);
    await check(logits, 2, 1, [1, 1, 2]);
    const wide = normalFloats(600, 1).map((x, i) => (i % 7 === 0 ? -1e4 : i === 299 ? 1e4 : x));
    await check(wide, 2, 1);
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
