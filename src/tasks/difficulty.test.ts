import { expect, test } from 'vitest';
import { completeDifficulty, toldDifficulty } from './difficulty';
import { getTask } from './registry';

test('what is told of a difficulty is every dial, and of the fine ones those that were turned', () => {
  const { dials } = getTask('mixture');
  const given = { word_problems: 2, 'chained_sums.max_terms': 9, 'countdown.numbers': 3 };
  const told = toldDifficulty(dials, given);
  expect(told).toMatchObject({ word_problems: 2, products: 1, 'chained_sums.max_terms': 9 });
  // Three is what it stands at by itself.
  expect(Object.keys(told).filter((name) => name.includes('.'))).toEqual(['chained_sums.max_terms']);
  expect(completeDifficulty(dials, told)).toEqual(completeDifficulty(dials, given));
});
