import { expect, it } from 'vitest';
import type { StepMetrics } from '../protocol/protocol';
import { klCurve, peakOf } from './klCurve';

const step = (step: number, kl: number, truth: number, grade?: number): StepMetrics => ({
  step,
  metrics: { kl, 'rewards/accuracy/mean': truth, ...(grade !== undefined && { 'rewards/reward_model/mean': grade }) },
});

it('takes five steps together, and grades by how likely they are preferred to the first', () => {
  const steps = Array.from({ length: 12 }, (_, i) =>
    step(i + 1, i / 10, i < 5 ? 0.6 : 0.2, i < 5 ? 1 : 1 + Math.log(3)),
  );
  const points = klCurve([{ step: 0, metrics: { loss: 1 } }, ...steps]);
  expect(points).toHaveLength(2);
  expect(points[0]).toMatchObject({ preferred: 0.5 });
  expect(points[0]?.kl).toBeCloseTo(0.2);
  expect(points[1]?.kl).toBeCloseTo(0.7);
  // An odds ratio of 3 to 1.
  expect(points[1]?.preferred).toBeCloseTo(0.75);
  expect(peakOf(points)?.truth).toBeCloseTo(0.6);
});

it('has no grade where nothing grades, and no peak of nothing', () => {
  const points = klCurve(Array.from({ length: 5 }, (_, i) => step(i + 1, 0.1, 0.5)));
  expect(points).toEqual([{ kl: expect.closeTo(0.1), truth: 0.5 }]);
  expect(peakOf([])).toBeUndefined();
});
