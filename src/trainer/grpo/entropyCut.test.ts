import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entropyCut } from './entropyCut';

const entropies = fc.array(fc.float({ min: 0, max: 4, noNaN: true }), { minLength: 1, maxLength: 60 });

/** Tokens on the upper side of a cut. */
const kept = (values: readonly number[], least: number | null) => values.filter((value) => value >= (least ?? 0));

test('keeps the share of most entropy, and ties with the last of it', () => {
  // torch.quantile(torch.tensor([.1, .2, .3, .4, .5]), 1 − 0.4) is 0.34: 0.4 and 0.5 are above.
  expect(entropyCut([0.5, 0.1, 0.4, 0.2, 0.3], 0.4).count).toBe(2);
  expect(entropyCut([0.3, 0.3, 0.3, 0.1], 0.25)).toEqual({ least: expect.closeTo(0.2, 6), count: 3 });
  expect(entropyCut([0, 0, 0], 0.2)).toEqual({ least: null, count: 3 });
});

test('at 1 all count; at 0 the highest alone, with those that equal it', () => {
  expect(entropyCut([2, 1, 3], 1)).toEqual({ least: null, count: 3 });
  expect(entropyCut([2, 1, 3, 3], 0)).toEqual({ least: 2.5, count: 2 });
  expect(entropyCut([], 0.2)).toEqual({ least: null, count: 0 });
});

test('what is above the cut is what it counts: at least the share, never none', () => {
  fc.assert(
    fc.property(entropies, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
      const { least, count } = entropyCut(values, share);
      expect(kept(values, least)).toHaveLength(count);
      expect(count).toBeGreaterThanOrEqual(Math.max(1, Math.floor(share * (values.length - 1))));
    }),
  );
});
