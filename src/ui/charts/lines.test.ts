import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linesOf } from './lines';
import { needsPoints, valueAt } from './series';
import { axisTicks } from './ticks';

it('draws every value that a reading says, on an axis that goes as far', () => {
  const value = fc.option(fc.double({ min: 0, max: 500, noNaN: true }));
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 40 }),
      fc.double({ min: 0, max: 0.95 }),
      (values, weight) => {
        const series = { steps: values.map((_, i) => i + 1), values };
        const lines = linesOf(values, needsPoints(series), weight);
        const ticks = axisTicks(
          lines.flatMap((line) => [...line.values]),
          'count',
          3,
        );
        for (const step of series.steps) {
          const read = valueAt(series, step)?.value;
          if (read === undefined) continue;
          expect(lines.some((line) => line.values.includes(read))).toBe(true);
          expect(ticks[0]).toBeLessThanOrEqual(read);
          expect(ticks.at(-1)).toBeGreaterThanOrEqual(read);
        }
      },
    ),
  );
});

it('draws what is measured now and then once, unsmoothed', () => {
  const values = [1, null, null, 9];
  const [raw, line] = linesOf(values, true, 0.9);
  expect(raw.values).toEqual([null, null, null, null]);
  expect(line).toEqual({ values, hasPoints: true });
});
