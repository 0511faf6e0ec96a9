import { expect, test } from 'vitest';
import { grpoConfig, numSteps } from './grpoConfig';

test('a run has as many steps as it takes to make max_steps updates', () => {
  expect(numSteps(grpoConfig({ max_steps: 150 }))).toBe(150);
  expect(numSteps(grpoConfig({ max_steps: 150, steps_per_generation: 4 }))).toBe(38);
  expect(numSteps(grpoConfig({ max_steps: 12, steps_per_generation: 2, num_iterations: 3 }))).toBe(2);
});

test('scale_rewards takes the booleans of TRL', () => {
  expect(grpoConfig({ scale_rewards: true }).scale_rewards).toBe('group');
  expect(grpoConfig({ scale_rewards: false }).scale_rewards).toBe('none');
});
