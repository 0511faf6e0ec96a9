import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rng } from '../../lib/rng';
import { cutMiniBatches } from './miniBatches';

const cuts = fc.record({
  size: fc.integer({ min: 1, max: 40 }),
  parts: fc.integer({ min: 1, max: 16 }),
  seed: fc.nat(),
  step: fc.nat(10_000),
});

test('every rollout falls into one mini-batch, all are of one size, and each keeps the old order', () => {
  fc.assert(
    fc.property(cuts, ({ size, parts, seed, step }) => {
      const miniBatches = cutMiniBatches(size * parts, parts, rng(seed, 'miniBatch', step));
      expect(miniBatches.map((miniBatch) => miniBatch.length)).toEqual(new Array(parts).fill(size));
      expect(miniBatches.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: size * parts }, (_, i) => i));
      for (const miniBatch of miniBatches) expect(miniBatch).toEqual(miniBatch.toSorted((a, b) => a - b));
    }),
  );
});

test('mini-batches are drawn again at each step, and the same for the same seed and step', () => {
  const cut = (seed: number, step: number) => cutMiniBatches(128, 4, rng(seed, 'miniBatch', step));
  expect(cut(1, 2)).toEqual(cut(1, 2));
  expect(cut(1, 2)).not.toEqual(cut(1, 3));
  expect(cut(1, 2)).not.toEqual(cut(2, 2));
});

test('a question is not all of it in one mini-batch but by chance', () => {
  const counts = Array.from({ length: 1000 }, (_, step) => {
    const [first] = cutMiniBatches(16, 2, rng(3, 'miniBatch', step)) as [number[]];
    return first.filter((index) => index < 8).length;
  });
  // Hypergeometric: mean 4, standard deviation 1.03, so 0.033 for the mean of a thousand.
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  expect(Math.abs(mean - 4)).toBeLessThan(0.14);
  expect(counts.filter((count) => count === 8).length).toBeLessThan(5);
});
