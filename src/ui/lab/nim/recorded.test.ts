import { expect, it } from 'vitest';
import { curveOf, recorded } from './recorded';

it('has the mean of the seeds at each step, from the pupil on, and what no position asked for is left out', () => {
  const measure = { ...recorded.teacher, optimalWhereRare: null };
  const at = (stage: string, step: number, optimal: number) => ({ stage, step, measure: { ...measure, optimal } });
  const study = {
    ...recorded,
    results: [
      { seed: 0, points: [at('pupil', 300, 0.2), at('player', 10, 0.5), at('player', 20, 0.9)] },
      { seed: 1, points: [at('pupil', 300, 0.4), at('player', 10, 0.7), at('player', 20, 1)] },
    ],
  };
  const curve = curveOf('optimal', study);
  expect(curve.map(({ step, low, high }) => [step, low, high])).toEqual([
    [0, 0.2, 0.4],
    [10, 0.5, 0.7],
    [20, 0.9, 1],
  ]);
  expect(curve[1]?.mean).toBeCloseTo(0.6, 12);
  expect(curveOf('optimalWhereRare', study)).toEqual([]);
});

it('was recorded at the same steps with every seed', () => {
  const steps = recorded.results.map(({ points }) => points.map(({ stage, step }) => `${stage} ${step}`));
  expect(steps[0]?.length).toBeGreaterThan(2);
  expect(new Set(steps.map((of) => of.join())).size).toBe(1);
});
