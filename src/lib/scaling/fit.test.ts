import { expect, it } from 'vitest';
import { rng } from '../rng';
import { fitLaw, fitRepeats } from './fit';
import { effectiveTokens, optimalFor, predictedLoss, type ScalingLaw, sizeExponent, type TrainedPoint } from './law';
import { minimize } from './minimize';

const TRUTH: ScalingLaw = { E: 0.9, A: 40, alpha: 0.42, B: 300, beta: 0.45 };

/** Runs of five sizes and five lengths under the law; losses are off by a factor of about `noise`. */
function runs(law: ScalingLaw, noise: number, seed = 3): TrainedPoint[] {
  const draw = rng(seed, 'evaluate');
  return [1e4, 3e4, 1e5, 3e5, 1e6].flatMap((parameters) =>
    [6e4, 2e5, 6e5, 2e6, 6e6].map((tokens) => {
      const loss = predictedLoss(law, parameters, tokens) * Math.exp(noise * draw.normal());
      return { parameters, tokens, uniqueTokens: tokens, loss };
    }),
  );
}

it('finds the least of Rosenbrock’s valley', () => {
  const { at } = minimize(([x = 0, y = 0]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2, [-1.2, 1]);
  expect(at[0]).toBeCloseTo(1, 4);
  expect(at[1]).toBeCloseTo(1, 4);
});

it('finds the law that exact runs were made by', () => {
  const { law, residual } = fitLaw(runs(TRUTH, 0), 0, 2);
  expect(residual).toBeLessThan(1e-4);
  expect(law.E).toBeCloseTo(TRUTH.E, 2);
  expect(law.alpha).toBeCloseTo(TRUTH.alpha, 2);
  expect(law.beta).toBeCloseTo(TRUTH.beta, 2);
  expect(law.A / TRUTH.A).toBeCloseTo(1, 1);
  expect(law.B / TRUTH.B).toBeCloseTo(1, 1);
});

it('has error bars that hold the truth where runs are noisy, and bears one that went wrong', () => {
  const noisy = runs(TRUTH, 0.005).map((run, i) => (i === 7 ? { ...run, loss: run.loss * 2 } : run));
  const { law, bounds } = fitLaw(noisy, 0, 40);
  for (const name of ['E', 'alpha', 'beta', 'sizeExponent'] as const)
    expect(bounds[name].low).toBeLessThan(bounds[name].high);
  expect(Math.abs(law.alpha - TRUTH.alpha)).toBeLessThan(0.08);
  expect(Math.abs(law.beta - TRUTH.beta)).toBeLessThan(0.08);
  expect(bounds.sizeExponent.low).toBeLessThan(sizeExponent(TRUTH) + 0.03);
  expect(bounds.sizeExponent.high).toBeGreaterThan(sizeExponent(TRUTH) - 0.03);
});

it('refuses runs that determine nothing', () => {
  expect(() => fitLaw(runs(TRUTH, 0).slice(0, 5))).toThrow(RangeError);
  expect(() => fitRepeats(TRUTH, runs(TRUTH, 0))).toThrow(RangeError);
});

it('no other split of a budget has less loss than the optimal one', () => {
  for (const flops of [1e9, 1e12, 1e15]) {
    const { parameters, tokens } = optimalFor(TRUTH, flops);
    expect(6 * parameters * tokens).toBeCloseTo(flops, -Math.log10(flops) + 15);
    for (const factor of [0.8, 1.25]) {
      const other = predictedLoss(TRUTH, parameters * factor, tokens / factor);
      expect(other).toBeGreaterThan(predictedLoss(TRUTH, parameters, tokens));
    }
  }
});

it('repeated tokens are worth less and less, and finds how fast', () => {
  expect(effectiveTokens(1000, 1000, 4)).toBe(1000);
  expect(effectiveTokens(1e9, 1000, 4)).toBeCloseTo(5000, 6);
  const points = [3e4, 3e5].flatMap((parameters) =>
    [2, 4, 8, 16, 40].map((epochs) => {
      const [tokens, uniqueTokens] = [1e6, 1e6 / epochs];
      return {
        parameters,
        tokens,
        uniqueTokens,
        loss: predictedLoss(TRUTH, parameters, effectiveTokens(tokens, uniqueTokens, 6)),
      };
    }),
  );
  const { halving, bounds } = fitRepeats(TRUTH, points, 0, 10);
  expect(halving).toBeCloseTo(6, 1);
  expect(bounds.low).toBeLessThanOrEqual(bounds.high);
});
