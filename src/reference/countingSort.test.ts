import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countingSort } from './countingSort';

describe('the counting sort', () => {
  test('pads each segment to whole tiles', () => {
    const sorted = countingSort([2, 0, 2, 2, 0], 4, 2);
    expect([...sorted.counts]).toEqual([2, 0, 3, 0]);
    expect([...sorted.starts]).toEqual([0, 2, 2, 6, 6]);
    expect([...sorted.items]).toEqual([1, 4, 0, 2, 3, -1]);
    expect([...sorted.rows]).toEqual([2, 0, 3, 4, 1]);
  });

  test('no item is lost, items of one key keep their order, and rows undo items', () => {
    const keys = fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 100 });
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 9 }), (values, tile) => {
        const { items, rows, starts } = countingSort(values, 7, tile);
        const placed = [...items].filter((item) => item >= 0);
        const stable = values.map((_, item) => item).sort((a, b) => Number(values[a]) - Number(values[b]) || a - b);
        expect(placed).toEqual(stable);
        rows.forEach((row, item) => {
          expect(items[row]).toBe(item);
          const key = Number(values[item]);
          expect(row >= Number(starts[key]) && row < Number(starts[key + 1])).toBe(true);
        });
        expect(starts.every((start) => start % tile === 0)).toBe(true);
      }),
    );
  });
});
