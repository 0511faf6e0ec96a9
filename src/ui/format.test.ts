import { describe, expect, it } from 'vitest';
import { formatBytes, formatDuration, formatMetric, formatPercent, formatSigned, tokensPerSecond } from './format';

describe('numbers on the page', () => {
  it('say their sign, except zero', () => {
    expect(formatSigned(0.866)).toBe('+0.87');
    expect(formatSigned(-1.2)).toBe('−1.20');
    expect(formatSigned(-0.001)).toBe('0.00');
  });

  it('keep about three figures whatever their size', () => {
    expect(['0', '3.14e−5', '0.123', '2.50', '31.4', '512', '−0.500', '5.00e+6']).toEqual(
      [0, 3.14e-5, 0.1234, 2.5, 31.42, 512.3, -0.5, 5e6].map(formatMetric),
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
