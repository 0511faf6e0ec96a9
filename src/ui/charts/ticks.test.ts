import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Quantity, quantityOf } from './quantity';
import { axisTicks, roundTicks, tickLabels } from './ticks';

const QUANTITIES: readonly Quantity[] = ['share', 'bytes', 'count', 'seconds', 'milliseconds', 'amount', 'number'];
const MOST = 3;
/** The widest label that leaves a narrow chart its width, and the most that its height has room for. */
const MOST_CHARACTERS = 10;
const MOST_TICKS = MOST + 2;

const axis = (values: readonly (number | null)[], quantity: Quantity) => {
  const ticks = axisTicks(values, quantity, MOST);
  return { ticks, labels: tickLabels(ticks, quantity, 'en') };
};

const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  '%': 0.01,
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  s: 1,
  ms: 1e-3,
  K: 1e3,
  M: 1e6,
  T: 1e12,
};

/** The number that a label says, in the units of its quantity. */
function readLabel(label: string, quantity: Quantity): number {
  const [, number = '', symbol = ''] = /^([−\d.,]+(?:e[−\d]+)?)(\D*)$/.exec(label) ?? [];
  const factor = (quantity === 'count' && symbol === 'B' ? 1e9 : FACTORS[symbol]) ?? Number.NaN;
  const base = quantity === 'milliseconds' ? 1e-3 : 1;
  return (Number(number.replaceAll('−', '-').replaceAll(',', '')) * factor) / base;
}

/** Numbers of every size, such as runs have and such as they should not have. */
const size = fc
  .tuple(fc.constantFrom(-1, 1), fc.double({ min: 1, max: 10, noNaN: true }), fc.integer({ min: -40, max: 40 }))
  .map(([sign, mantissa, power]) => sign * mantissa * 10 ** power);
const value = fc.oneof(size, fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1, 1e-5, 6.44e7, -0));
const oddValue = fc.oneof(value, fc.constantFrom(null, Number.NaN, Infinity, -Infinity, 5e-324, -1.7e308, 1.7e308));
const quantity = fc.constantFrom(...QUANTITIES);
/** Values of which a quantity can have. */
const possible = (kind: Quantity, all: readonly (number | null)[]) => {
  if (kind === 'number') return all;
  return all.map((one) => one && (kind === 'share' ? Math.min(1, Math.abs(one)) : Math.abs(one)));
};
const series = fc.tuple(quantity, fc.array(oddValue, { maxLength: 12 }));
const finite = (all: readonly (number | null)[]) => all.filter((one): one is number => Number.isFinite(one));

describe('the axis of any values', () => {
  it('encloses them, is marked evenly at round numbers, and not too often', () => {
    fc.assert(
      fc.property(series, ([kind, values]) => {
        const { ticks } = axis(values, kind);
        const shown = finite(values);
        if (shown.length === 0) {
          expect(ticks).toEqual([]);
          return;
        }
        const [first = Number.NaN, second = Number.NaN] = ticks;
        const step = second - first;
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(MOST_TICKS);
        for (const one of shown.filter((one) => Math.abs(one) <= 1e60)) {
          expect(one).toBeGreaterThanOrEqual(first - step * 1e-6);
          expect(one).toBeLessThanOrEqual((ticks.at(-1) as number) + step * 1e-6);
        }
        const mantissa = step / 10 ** Math.floor(Math.log10(step) + 1e-9);
        expect(Math.min(...[1, 2, 5].map((round) => Math.abs(mantissa - round)))).toBeLessThan(1e-4);
      }),
      { numRuns: 1000 },
    );
  });

  it('says at each mark what it stands for, in few characters, and no two the same', () => {
    fc.assert(
      fc.property(series, ([kind, values]) => {
        const { ticks, labels } = axis(possible(kind, values), kind);
        expect(labels).toHaveLength(ticks.length);
        expect(new Set(labels).size).toBe(ticks.length);
        const step = (ticks[1] as number) - (ticks[0] as number);
        for (const [i, label] of labels.entries()) {
          expect(label.length).toBeLessThanOrEqual(MOST_CHARACTERS);
          expect(Math.abs(readLabel(label, kind) - (ticks[i] as number))).toBeLessThanOrEqual(step * 1e-3);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is never so narrow that a change of nothing looks like one of all', () => {
    fc.assert(
      fc.property(quantity, value, fc.double({ min: -1e-3, max: 1e-3, noNaN: true }), (kind, one, part) => {
        const [first, other] = possible(kind, [one, one * (1 + part)]) as [number, number];
        const { ticks } = axis([first, other], kind);
        const width = (ticks.at(-1) as number) - (ticks[0] as number);
        expect(Math.abs(first - other) / width).toBeLessThan(0.02);
        if (kind === 'share') expect(width).toBeGreaterThanOrEqual(0.1 - 1e-9);
      }),
    );
  });

  it('holds a constant in its middle, or at a bound', () => {
    fc.assert(
      fc.property(quantity, value, (kind, one) => {
        const [constant = 0] = possible(kind, [one]) as [number];
        const { ticks } = axis([constant, constant, constant], kind);
        const [low, high] = [ticks[0] as number, ticks.at(-1) as number];
        const at = (constant - low) / (high - low);
        const isAtBound = kind !== 'number' && (constant < 0.06 || (kind === 'share' && constant > 0.94));
        if (!isAtBound) expect(Math.abs(at - 0.5)).toBeLessThan(0.34);
      }),
    );
  });

  it('stays within 0 and 1 for shares, and above 0 for what cannot be negative', () => {
    fc.assert(
      fc.property(series, ([kind, values]) => {
        const { ticks } = axis(possible(kind, values), kind);
        if (kind !== 'number') expect(Math.min(0, ...ticks)).toBe(0);
        if (kind === 'share') expect(Math.max(1, ...ticks)).toBe(1);
      }),
    );
  });
});

describe('the axis of', () => {
  it.each<[string, (number | null)[], Quantity, string[]]>([
    ['an accuracy that stays', [0.359, 0.359], 'share', ['30%', '35%', '40%', '45%']],
    ['an accuracy of 0', [0, 0], 'share', ['0%', '5%', '10%']],
    ['one that rises', [0.34, 0.93], 'share', ['20%', '40%', '60%', '80%', '100%']],
    ['a learning rate', [1e-5, 1e-5], 'number', ['9.5e−6', '1e−5', '1.05e−5']],
    ['a small KL', [0, 2e-5], 'number', ['0', '1e−5', '2e−5']],
    ['memory', [6.44e7, 6.44e7], 'bytes', ['60MB', '65MB', '70MB']],
    ['a diverged loss', [-3, 2.5e9], 'number', ['−1e9', '0', '1e9', '2e9', '3e9']],
    ['tokens', [0, 1_234_567], 'count', ['0', '500K', '1M', '1.5M']],
    ['short times', [0.012, 0.034], 'seconds', ['10ms', '20ms', '30ms', '40ms']],
    ['one value', [12], 'count', ['11.0', '11.5', '12.0', '12.5', '13.0']],
    ['zeros', [0, 0], 'number', ['−1', '0', '1']],
    ['a KL of zero', [0, 0], quantityOf('kl'), ['0.0', '0.5', '1.0']],
    ['nothing', [], 'number', []],
    ['what is no number', [Number.NaN, null], 'share', []],
  ])('%s', (_, values, kind, labels) => {
    expect(axis(values, kind).labels).toEqual(labels);
  });

  it('is in the reader’s language', () => {
    expect(tickLabels([0, 5e5, 1e6], 'count', 'zh')).toEqual(['0', '50万', '100万']);
  });
});

describe('round numbers', () => {
  it('lie around a range', () => {
    expect(roundTicks({ low: 0.28, high: 0.87 }, 5)).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
    expect(roundTicks({ low: 0, high: 33 }, 5)).toEqual([0, 10, 20, 30, 40]);
  });
});
