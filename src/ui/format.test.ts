import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBytes, formatDuration, formatMetric, formatPercent, formatSigned, tokensPerSecond } from './format';

describe('numbers on the page', () => {
  it('say their sign, except zero', () => {
    expect(formatSigned(0.866)).toBe('+0.87');
    expect(formatSigned(-1.2)).toBe('−1.20');
    expect(formatSigned(-0.001)).toBe('0.00');
  });

  it('keep about three figures whatever their size', () => {
    expect(['0', '3.14e−5', '0.123', '2.50', '31.4', '512', '−0.500', '5.00e6']).toEqual(
      [0, 3.14e-5, 0.1234, 2.5, 31.42, 512.3, -0.5, 5e6].map(formatMetric),
    );
  });

  it('say what is no number, and never round themselves into another size', () => {
    expect([Number.NaN, Infinity, -Infinity, -0].map(formatMetric)).toEqual(['NaN', '∞', '−∞', '0']);
    expect([9.996, 999_999.9, 0.0009996].map(formatMetric)).toEqual(['10.0', '1.00e6', '0.001']);
    expect(formatBytes(999_999, 'en')).toBe('1 MB');
    expect(formatBytes(6.44e7, 'en')).toBe('64 MB');
    expect(formatBytes(2.5e12, 'en')).toBe('2.5 TB');
    for (const odd of [Number.NaN, Infinity]) expect(formatDuration(odd, 'en')).toBe(formatBytes(odd, 'en'));
  });

  it('are within half a percent of what they say, in at most nine characters', () => {
    const value = fc
      .tuple(fc.constantFrom(-1, 1), fc.double({ min: 1, max: 10, noNaN: true }), fc.integer({ min: -40, max: 38 }))
      .map(([sign, mantissa, power]) => sign * mantissa * 10 ** power);
    fc.assert(
      fc.property(value, (number) => {
        const text = formatMetric(number);
        expect(text.length).toBeLessThanOrEqual(9);
        const said = Number(text.replaceAll('−', '-'));
        expect(Math.abs(said - number)).toBeLessThanOrEqual(
          Math.max(0.0051 * Math.abs(number), 0.00051 * Number(Math.abs(number) >= 1e-3)),
        );
      }),
    );
  });

  it('give durations in the units of a clock', () => {
    expect(formatDuration(400, 'en')).toBe('0.4 sec');
    expect(formatDuration(12_400, 'en')).toBe('12 sec');
    expect(formatDuration(59_600, 'en')).toBe('1 min 0 sec');
    expect(formatDuration(104_000, 'en')).toBe('1 min 44 sec');
    expect(formatDuration(7_500_000, 'en')).toBe('2 hr 5 min');
  });

  it('give sizes and shares with their units', () => {
    expect(formatBytes(1_545_728, 'en')).toBe('1.5 MB');
    expect(formatBytes(812, 'en')).toBe('812 bytes');
    expect(formatPercent(0.391, 'en')).toBe('39%');
  });

  it('give no rate for what took no time', () => {
    expect(tokensPerSecond(20, 500)).toBe(40);
    expect(tokensPerSecond(20, 0)).toBeUndefined();
    expect(tokensPerSecond(0, 5)).toBeUndefined();
  });
});
