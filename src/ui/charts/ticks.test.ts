import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMetric } from '../format';
import { roundTicks, tickLabels } from './ticks';

describe('ticks', () => {
  it('are round numbers around the values', () => {
    expect(roundTicks(0.28, 0.87)).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
    expect(roundTicks(0, 33)).toEqual([0, 10, 20, 30, 40]);
    expect(roundTicks(0.5, 0.5)).toHaveLength(2);
  });

  it('enclose the values, evenly and not too many', () => {
    const number = fc.double({ min: -1e3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(number, number, (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const ticks = roundTicks(low, high);
        const step = (ticks[1] as number) - (ticks[0] as number);
        expect(ticks.length).toBeLessThanOrEqual(7);
        expect(ticks[0]).toBeLessThanOrEqual(low + step * 1e-6);
        expect(ticks.at(-1)).toBeGreaterThanOrEqual(high - step * 1e-6);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('labels', () => {
  it.each([
    [
      [0.6, 0.8, 1],
      ['0.6', '0.8', '1.0'],
    ],
    [
      [0, 0.01, 0.02],
      ['0.00', '0.01', '0.02'],
    ],
    [
      [-5, 0, 5, 10],
      ['−5', '0', '5', '10'],
    ],
    [
      [0.1 + 0.2, 0.4],
      ['0.3', '0.4'],
    ],
  ])('of %j have as many digits as tell them apart', (ticks, expected) => {
    expect(tickLabels(ticks, formatMetric)).toEqual(expected);
  });

  it('that are no plain numbers stay as they are', () => {
    expect(tickLabels([0, 0.5], (value) => `${value * 100}%`)).toEqual(['0%', '50%']);
    expect(tickLabels([0, 1e-4], formatMetric)).toEqual(['0', '1.00e−4']);
  });
});
