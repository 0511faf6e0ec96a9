import { describe, expect, test } from 'vitest';
import { expectClose } from '../testing/close';
import { expectGradient } from '../testing/gradientCheck';
import { normals } from '../testing/numbers';
import { type PreferenceLossOptions, preferenceLoss } from './preferenceLoss';

const PLAIN = { loss_type: 'sigmoid', beta: 0.1, label_smoothing: 0, center_rewards_coefficient: 0 } as const;
const PAIRS = [
  { chosen: { first: 0, count: 4, offset: -1.5 }, rejected: { first: 5, count: 2, offset: 0.5 } },
  { chosen: { first: 8, count: 1, offset: 0 }, rejected: { first: 9, count: 3, offset: 0.25 } },
];

describe('the loss of preferred pairs', () => {
  test('of equal sums is log 2, and falls as the chosen one gains', () => {
    const pairs = [{ chosen: { first: 0, count: 1, offset: 0 }, rejected: { first: 1, count: 1, offset: 0 } }];
    const loss = (margin: number) => preferenceLoss([margin, 0], pairs, { ...PLAIN, beta: 1 }).loss;
    expectClose([loss(0)], [Math.log(2)], { absolute: 1e-15, because: 'f64' });
    expect(loss(1)).toBeLessThan(loss(0));
    expectClose([loss(50), loss(-50)], [Math.exp(-50), 50], { relative: 1e-12, because: 'f64' });
  });

  test.each<Partial<PreferenceLossOptions>>([
    {},
    { loss_type: 'robust', label_smoothing: 0.2 },
    { loss_type: 'sigmoid_norm', beta: 2 },
    { loss_type: 'hinge', beta: 0.5 },
    { loss_type: 'ipo' },
    { beta: 1, center_rewards_coefficient: 0.01 },
  ])('its slopes are its derivative with %o', (variant) => {
    const [x, options] = [normals(12, 3), { ...PLAIN, ...variant }];
    const loss = (y: Float64Array) => preferenceLoss(y, PAIRS, options).loss;
    expectGradient(preferenceLoss(x, PAIRS, options).slopes, loss, x);
  });
});
