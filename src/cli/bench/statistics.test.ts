import { describe, expect, it } from 'vitest';
import { greatestDifference, halfRange, median } from './statistics';

describe('median', () => {
  it.each([
    [[3], 3],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[10, 9, 100], 10],
  ])('of %j is %d', (values, expected) => expect(median(values)).toBe(expected));

  it('of nothing is no number', () => expect(median([])).toBeNaN());
});

it('halfRange is half the way from the least to the greatest', () => expect(halfRange([5, 2, 8, 4])).toBe(3));

describe('greatestDifference', () => {
  it('is absolute below one and relative above', () => {
    expect(greatestDifference([0.5], [0.25])).toBe(0.25);
    expect(greatestDifference([110, 0], [100, 0])).toBeCloseTo(0.1);
  });

  it('is infinite for lists of different lengths', () => {
    expect(greatestDifference([1], [1, 2])).toBe(Number.POSITIVE_INFINITY);
  });
});
