// What TRL's controller does over whole generations is pinned by mini_batches.json; here are its bounds and its memory.
import { expect, test } from 'vitest';
import { EntropyControl } from './entropyControl';
import { grpoConfig } from './grpoConfig';

const adaptive = (options = {}) =>
  new EntropyControl(
    grpoConfig({ use_adaptive_entropy: true, entropy_target: 0.5, entropy_coef_delta: 0.1, ...options }),
  );

test('a constant bonus is applied from the first step and never moves', () => {
  const control = new EntropyControl(grpoConfig({ entropy_coef: 0.02 }));
  control.observe(0);
  expect([control.isAdaptive, control.applied, control.coef]).toEqual([false, 0.02, 0.02]);
});

test('an adapted bonus waits for a first measurement, and counts only at or below the target', () => {
  const control = adaptive({ entropy_coef: 0.3 });
  expect(control.applied).toBe(0);
  control.observe(0.5);
  expect(control.applied).toBeCloseTo(0.4, 12);
  control.observe(0.6);
  expect([control.applied, control.coef]).toEqual([0, expect.closeTo(0.3, 12)]);
});

test('an adapted bonus stays between its bounds', () => {
  const control = adaptive({ entropy_coef_min: 0.05, entropy_coef_max: 0.15 });
  for (let i = 0; i < 5; i++) control.observe(0);
  expect(control.coef).toBe(0.15);
  for (let i = 0; i < 5; i++) control.observe(9);
  expect(control.coef).toBe(0.05);
});

test('goes on from its memory as if it had not been away', () => {
  const [whole, before, after] = [adaptive(), adaptive(), adaptive()];
  for (const entropy of [0.1, 0.2]) for (const control of [whole, before]) control.observe(entropy);
  after.restore(JSON.parse(JSON.stringify(before.memory)));
  for (const control of [whole, after]) control.observe(0.3);
  expect([after.applied, after.memory]).toEqual([whole.applied, whole.memory]);
});
