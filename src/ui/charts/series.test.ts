import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StepMetrics } from '../../protocol/protocol';
import { drawnMetrics, metricNames, needsPoints, seriesOf, smooth, summarize, valueAt } from './series';

const steps: StepMetrics[] = [
  { step: 1, metrics: { reward: 0.5, 'eval/accuracy': 0.4, loss: 1 } },
  { step: 2, metrics: { reward: 0.25, loss: Number.NaN } },
  { step: 4, metrics: { reward: 0.75 } },
];

describe('smoothing', () => {
  it('leaves a constant series constant, gaps included, from its first value on', () => {
    const weight = fc.double({ min: 0, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.array(fc.boolean()), weight, (value, gaps, w) => {
        const values = gaps.map((isGap) => (isGap ? null : value));
        smooth(values, w).forEach((smoothed, i) => {
          if (values[i] === null) expect(smoothed).toBeNull();
          else expect(smoothed).toBeCloseTo(value, 6);
        });
      }),
    );
  });

  it('is the debiased moving average', () => {
    expect(smooth([0, 1], 0.5)).toEqual([0, 0.5 / 0.75]);
    expect(smooth([3, null, 5], 0)).toEqual([3, null, 5]);
  });
});

describe('a series', () => {
  it('has a gap where a metric was not measured or is no number', () => {
    expect(seriesOf(steps, 'eval/accuracy')).toEqual({ steps: [1, 2, 4], values: [0.4, null, null] });
    expect(seriesOf(steps, 'loss').values).toEqual([1, null, null]);
  });

  it('is summarised by its ends and its extremes', () => {
    expect(summarize(seriesOf(steps, 'reward'))).toEqual({
      firstStep: 1,
      first: 0.5,
      lastStep: 4,
      last: 0.75,
      min: 0.25,
      max: 0.75,
    });
    expect(summarize(seriesOf(steps, 'nothing'))).toBeUndefined();
  });

  it('gives the last value measured at or before a step', () => {
    expect(valueAt(seriesOf(steps, 'eval/accuracy'), 4)).toEqual({ step: 1, value: 0.4 });
    expect(valueAt(seriesOf(steps, 'reward'), 3)).toEqual({ step: 2, value: 0.25 });
    expect(valueAt(seriesOf(steps, 'reward'), 0)).toBeUndefined();
  });

  it('measured on fewer than half the steps, or on one alone, is drawn with points', () => {
    expect(needsPoints(seriesOf(steps.slice(0, 1), 'reward'))).toBe(true);
    expect(needsPoints(seriesOf(steps, 'eval/accuracy'))).toBe(true);
    expect(needsPoints(seriesOf(steps, 'reward'))).toBe(false);
  });

  it('has its name listed after the curated ones', () => {
    expect(metricNames(steps)).toEqual([
      'reward',
      'eval/accuracy',
      'completions/mean_length',
      'entropy',
      'kl',
      'frac_reward_zero_std',
      'loss',
    ]);
  });

  it('without a value is not drawn once a step was taken', () => {
    const names = ['reward', 'eval/accuracy', 'kl'];
    expect(drawnMetrics(steps, names)).toEqual(['reward', 'eval/accuracy']);
    expect(drawnMetrics(steps.slice(1), names)).toEqual(['reward']);
    expect(drawnMetrics([{ step: 0, metrics: { 'eval/accuracy': 0.4 } }], names)).toEqual(names);
  });
});
