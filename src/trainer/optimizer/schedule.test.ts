import { expect, test } from 'vitest';
import { learningRateAt, type Schedule } from './schedule';

// Printed by transformers 5.17's get_scheduler with 4 warm-up steps of 20 at 3e-3.
const STEPS = [0, 1, 3, 4, 5, 12, 19, 20];
const EXPECTED: [string, Schedule['type'], number, number[]][] = [
  ['constant', 'constant', 0, [0.003, 0.003, 0.003, 0.003, 0.003, 0.003, 0.003, 0.003]],
  ['constant_with_warmup', 'constant_with_warmup', 0, [0, 0.00075, 0.00225, 0.003, 0.003, 0.003, 0.003, 0.003]],
  ['linear', 'linear', 0, [0, 0.00075, 0.00225, 0.003, 0.0028125, 0.0015, 0.0001875, 0]],
  ['cosine', 'cosine', 0, [0, 0.00075, 0.00225, 0.003, 0.0029711779206048456, 0.0015, 2.8822079395154354e-5, 0]],
  [
    'cosine_with_min_lr',
    'cosine',
    0.1,
    [0, 0.00075, 0.00225, 0.003, 0.002974060128544361, 0.00165, 0.00032593987145563896, 0.0003],
  ],
];

test.each(EXPECTED)("%s gives transformers' rates", (_name, type, minLearningRateShare, rates) => {
  const schedule: Schedule = { type, learningRate: 3e-3, warmupSteps: 4, totalSteps: 20, minLearningRateShare };
  for (const [index, step] of STEPS.entries()) {
    expect(learningRateAt(step, schedule)).toBeCloseTo(rates[index] ?? Number.NaN, 15);
  }
});

test('without a warm-up the first step has the full rate', () => {
  for (const type of ['constant', 'constant_with_warmup', 'linear', 'cosine'] as const) {
    expect(learningRateAt(0, { type, learningRate: 1, warmupSteps: 0, totalSteps: 10 })).toBe(1);
  }
});
