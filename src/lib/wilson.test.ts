import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusteredInterval, overlap, wilsonInterval } from './wilson';

/** Successes of trials, at most 10,000. */
const counts = fc
  .tuple(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([trials, share]) => [Math.round(share * trials), trials] as const);

describe('the interval of a share', () => {
  // Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, 1998, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i', (successes, trials, low, high) => {
    const interval = wilsonInterval(successes, trials);
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  it('holds the share, stays within 0 and 1, and always has a width', () => {
    fc.assert(
      fc.property(counts, ([successes, trials]) => {
        const { low, high } = wilsonInterval(successes, trials);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(successes / trials);
        expect(high).toBeGreaterThanOrEqual(successes / trials);
        expect(high - low).toBeGreaterThan(1e-4);
      }),
    );
  });

  it('is where the score test leaves 5 %: each end p solves |p̂ − p| = z √(p(1−p)/n)', () => {
    fc.assert(
      fc.property(counts, ([successes, trials]) => {
        const { low, high } = wilsonInterval(successes, trials);
        for (const end of [low, high].filter((p) => p > 1e-9 && p < 1 - 1e-9)) {
          const z = Math.abs(successes / trials - end) / Math.sqrt((end * (1 - end)) / trials);
          expect(z).toBeCloseTo(1.959964, 4);
        }
      }),
    );
  });

  it('of no trials is all there is', () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
  });

  it('mirrors successes and failures', () => {
    const [few, many] = [wilsonInterval(7, 40), wilsonInterval(33, 40)];
    expect(few.low).toBeCloseTo(1 - many.high, 12);
    expect(few.high).toBeCloseTo(1 - many.low, 12);
  });

  it.each([
    [-1, 10],
    [11, 10],
    [Number.NaN, 10],
    [1, Number.POSITIVE_INFINITY],
  ])('of %d in %d is refused', (successes, trials) => {
    expect(() => wilsonInterval(successes, trials)).toThrow(RangeError);
  });
});

describe('the interval over clusters', () => {
  const clusters = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 60 });

  it('of one trial each is that of the trials, but for the n − 1 of the variance', () => {
    const shares = [1, 1, 1, ...new Array<number>(61).fill(0)];
    const [clustered, plain] = [clusteredInterval(shares, 1), wilsonInterval(3, 64)];
    expect(clustered.low).toBeCloseTo(plain.low, 2);
    expect(clustered.high).toBeCloseTo(plain.high, 2);
  });

  it('holds the mean, stays within 0 and 1, has a width, and is no narrower than that of as many single trials', () => {
    fc.assert(
      fc.property(clusters, (counts) => {
        const shares = counts.map((count) => count / 4);
        const total = counts.reduce((sum, count) => sum + count, 0);
        const mean = total / (4 * counts.length);
        const { low, high } = clusteredInterval(shares, 4);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(mean + 1e-12);
        expect(high).toBeGreaterThanOrEqual(mean - 1e-12);
        const single = wilsonInterval(total, 4 * counts.length);
        expect(high - low).toBeGreaterThanOrEqual(single.high - single.low - 1e-9);
      }),
    );
  });

  it('whose clusters are all or nothing is that of the clusters', () => {
    const [many, few] = [clusteredInterval([1, 0, 1, 0, 1, 0, 1, 0], 100), wilsonInterval(4, 8)];
    expect(Math.abs(many.high - few.high)).toBeLessThan(0.03);
    expect(clusteredInterval([1, 1, 1], 100)).toEqual(wilsonInterval(3, 3));
    expect(clusteredInterval([], 4)).toEqual({ low: 0, high: 1 });
  });
});

it('two shares may differ by chance where their intervals touch, in either order', () => {
  const [few, more, most] = [wilsonInterval(26, 64), wilsonInterval(36, 64), wilsonInterval(60, 64)];
  expect([overlap(few, more), overlap(more, few), overlap(few, most), overlap(most, few)]).toEqual([
    ...[true, true, false, false],
  ]);
  expect(overlap({ low: 0, high: 0.5 }, { low: 0.5, high: 1 })).toBe(true);
});
