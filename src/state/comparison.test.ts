import { describe, expect, test } from 'vitest';
import { MAX_COMPARED, withToggled } from './comparison';

describe('choosing runs to compare', () => {
  test('a run keeps its place when another goes, and the next takes the free one', () => {
    const three = ['a', 'b', 'c'].reduce<readonly (string | undefined)[]>(withToggled, []);
    const two = withToggled(three, 'b');
    expect(two).toEqual(['a', undefined, 'c']);
    expect(withToggled(two, 'd')).toEqual(['a', 'd', 'c']);
  });

  test('no more runs fit than can be told apart', () => {
    const ids = Array.from({ length: MAX_COMPARED + 1 }, (_, i) => `run-${i}`);
    expect(ids.reduce<readonly (string | undefined)[]>(withToggled, [])).toEqual(ids.slice(0, MAX_COMPARED));
  });
});
