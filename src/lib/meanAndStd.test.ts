import { expect, test } from 'vitest';
import { meanAndStd } from './meanAndStd';

test('a mean and std leave null out and are NaN where nothing is given', () => {
  expect(meanAndStd([1, null, 3])).toEqual({ mean: 2, std: Math.SQRT2 });
  expect(meanAndStd([5])).toEqual({ mean: 5, std: Number.NaN });
  expect(meanAndStd([null])).toEqual({ mean: Number.NaN, std: Number.NaN });
});
