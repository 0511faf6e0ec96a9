import { expect, test } from 'vitest';
import { stepMetrics } from './grpoMetrics';
import type { OptimizerStep } from './optimizerSteps';

const step = (learningRate: number, norm: number, metrics: Record<string, number>, skipped = 0): OptimizerStep => ({
  learningRate,
  result: Promise.resolve({ loss: metrics.loss ?? 0, metrics, bonusEntropy: 0 }),
  state: Promise.resolve({ norm, steps: 1, skipped }),
});

test('a step’s metrics are the mean over its optimizer steps; the learning rate is the last one’s', async () => {
  const difference = 'sampling/sampling_logp_difference/mean';
  const metrics = await stepMetrics([
    step(3e-4, 4, { loss: 1, [difference]: 1e-6 }),
    step(2e-4, 2, { loss: -1, kl: 0.5 }),
    step(1e-4, 0, { loss: 3 }),
  ]);
  expect(metrics).toEqual({ loss: 1, grad_norm: 2, kl: 0.5, [difference]: 1e-6, learning_rate: 1e-4 });
});

test('steps that were skipped are counted, of the whole run', async () => {
  expect(await stepMetrics([step(0, 1, {}, 2), step(0, 1, {}, 3)])).toMatchObject({ skipped_steps: 3 });
});
