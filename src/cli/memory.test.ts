import { expect, it } from 'vitest';
import { planLine } from './memory';

it('a plan names its largest parts, the largest first, and adds up the others', () => {
  const owners = new Map([
    ['Weights', 2_000_000],
    ['Grpo:256', 7_500_000],
    ['Rope', 200_000],
    ['Readback', 300_000],
  ]);
  expect(planLine({ bytes: 10_000_000, owners })).toBe(
    'needs 10.0 MB of device memory: Grpo:256 7.5, Weights 2.0, Readback 0.3, others 0.2',
  );
});
