import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { narrow, widen } from '../lib/tensors/convert';
import { fp8Tiles, roundToE4m3 } from './fp8';

describe('numbers in eight bits', () => {
  test('are what the stored type makes of them', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(
          Math.abs(roundToE4m3(value) - (widen('F8_E4M3', narrow('F8_E4M3', Float32Array.of(value)))[0] ?? 1)),
        ).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });

  test('share a scale that takes the largest of their tile to 448', () => {
    const tile = { rows: 1, columns: 2 };
    // The scale is 2; 0.1 lies between multiples of 2⁻⁷. The third number has a tile of its own.
    expect([...fp8Tiles([896, 0.2, 3], { rows: 1, width: 3 }, tile)]).toEqual([896, 0.203125, 3]);
    expect([...fp8Tiles([1, 4, 2, 8], { rows: 2, width: 2 }, { rows: 2, columns: 1 })]).toEqual([1, 4, 2, 8]);
  });

  test('are zero where all are, and stay as they are beside what is not finite', () => {
    const tile = { rows: 1, columns: 2 };
    expect([...fp8Tiles([0, -0, Infinity, 0.3], { rows: 1, width: 4 }, tile)]).toEqual([0, -0, Infinity, 0.3]);
    expect([...fp8Tiles([Number.NaN, 0.3], { rows: 1, width: 2 }, tile)]).toEqual([Number.NaN, 0.3]);
  });

  test('are never off by more than a sixteenth, or by half of the smallest step of their tile', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, min: -(2 ** 90), max: 2 ** 90 }), { minLength: 1, maxLength: 20 }),
        (x) => {
          const largest = Math.max(...x.map(Math.abs));
          fp8Tiles(x, { rows: 1, width: x.length }, { rows: 1, columns: x.length }).forEach((value, i) => {
            const exact = x[i] as number;
            const bound = Math.max(Math.abs(exact) / 16, (largest / 448) * 2 ** -10, 2 ** -136);
            expect(Math.abs(value - exact)).toBeLessThanOrEqual(bound * (1 + 1e-6));
          });
        },
      ),
    );
  });
});
