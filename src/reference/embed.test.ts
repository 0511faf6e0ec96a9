import { describe, expect, test } from 'vitest';
import { expectGradient, weighted } from '../testing/gradientCheck';
import { normals } from '../testing/numbers';
import { embed, embedBackward } from './embed';

describe('the embedding', () => {
  test('takes the row of each token', () => {
    expect([...embed([1, 2, 3, 4, 5, 6], [2, 0, 2], 2)]).toEqual([5, 6, 1, 2, 5, 6]);
  });

  test('a token outside the vocabulary throws', () => {
    expect(() => embed([1, 2], [1], 2)).toThrow(RangeError);
  });

  test('its gradient is its derivative, tokens that repeat adding up', () => {
    const [table, dy, ids] = [normals(8, 1), normals(6, 2), [3, 0, 3]];
    expectGradient(embedBackward(dy, ids, 4, 2), (v) => weighted(embed(v, ids, 2), dy), table);
  });
});
