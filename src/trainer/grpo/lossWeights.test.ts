import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LOSS_TYPE_NAMES } from '../objectives/lossTypes';
import { grpoConfig } from './grpoConfig';
import { tokenWeights } from './lossWeights';

test('two mini-batches of 10 and 30 tokens: a token weighs 1/20 in both for dapo and cispo, 1/10 and 1/30 for bnpo', () => {
  const weights = (loss_type: 'dapo' | 'cispo' | 'bnpo', lengths: number[]) =>
    tokenWeights(lengths, 40, grpoConfig({ loss_type, steps_per_generation: 2 }));
  for (const loss_type of ['dapo', 'cispo'] as const) {
    expect(weights(loss_type, [4, 6])).toEqual([1 / 20, 1 / 20]);
    expect(weights(loss_type, [10, 20])).toEqual([1 / 20, 1 / 20]);
  }
  expect(weights('bnpo', [4, 6])).toEqual([1 / 10, 1 / 10]);
  expect(weights('bnpo', [10, 20])).toEqual([1 / 30, 1 / 30]);
});

test('over a generation the tokens of dapo weigh the mini-batches’ number together, however it is cut', () => {
  const cut = fc.array(fc.array(fc.nat(30), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(cut, (miniBatches) => {
      const total = miniBatches.flat().reduce((sum, length) => sum + length, 0);
      fc.pre(total > 0);
      const config = { ...grpoConfig({ loss_type: 'dapo' }), steps_per_generation: miniBatches.length };
      const sum = miniBatches
        .map((lengths) =>
          tokenWeights(lengths, total, config).reduce((s, weight, i) => s + weight * (lengths[i] ?? 0), 0),
        )
        .reduce((s, weight) => s + weight, 0);
      expect(sum).toBeCloseTo(miniBatches.length, 10);
    }),
  );
});

test('where nothing counts no weight is infinite', () => {
  for (const loss_type of LOSS_TYPE_NAMES) {
    expect(tokenWeights([0, 0], 0, grpoConfig({ loss_type })).every(Number.isFinite)).toBe(true);
  }
});
