import { expect, test } from 'vitest';
import { moeBias } from './moeBias';

test('experts below the mean load are raised, those above lowered, those at it left alone', () => {
  expect([...moeBias([0, 0, 0, 1], [0, 4, 8, 4], 0.5)]).toEqual([0.5, 0, -0.5, 1]);
});
