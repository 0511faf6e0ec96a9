import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { overlay } from './overlay';

describe('an overlay', () => {
  test('has every step once, and gaps where a run has none', () => {
    const found = overlay([
      { steps: [1, 2, 3], values: [0.1, null, 0.3] },
      undefined,
      { steps: [2, 4], values: [0.5, 0.6] },
    ]);
    expect(found).toEqual({
      steps: [1, 2, 3, 4],
      values: [
        [0.1, null, 0.3, null],
        [null, null, null, null],
        [null, 0.5, null, 0.6],
      ],
    });
  });

  test('loses no value of any run', () => {
    const one = fc
      .uniqueArray(fc.nat(50), { maxLength: 20 })
      .map((steps) => ({ steps: steps.sort((a, b) => a - b), values: steps.map((step) => step / 7) }));
    fc.assert(
      fc.property(fc.array(one, { maxLength: 4 }), (series) => {
        const { steps, values } = overlay(series);
        series.forEach((given, run) => {
          given.steps.forEach((step, i) => {
            expect(values[run]?.[steps.indexOf(step)]).toBe(given.values[i]);
          });
        });
      }),
    );
  });
});
