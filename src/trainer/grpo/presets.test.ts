import { expect, test } from 'vitest';
import { getReward } from '../../rewards/registry';
import { grpoConfig } from './grpoConfig';
import { allPresets, findPreset, getPreset } from './presets';

test.each(allPresets().map((preset) => [preset.name, preset] as const))(
  '%s is a valid configuration',
  (_name, preset) => {
    const config = grpoConfig(preset.options);
    const numRollouts = config.num_prompts * config.num_generations;
    expect(numRollouts % config.steps_per_generation).toBe(0);
    for (const name of Object.keys(config.reward_weights)) expect(getReward(name).name).toBe(name);
    // Clipping acts only off-policy: a preset that is about its clip must split or repeat a generation.
    if (['DAPO', 'GSPO', 'CISPO'].includes(preset.name)) {
      expect(config.steps_per_generation * config.num_iterations).toBeGreaterThan(1);
    }
  },
);

test('the six published recipes are there under their names', () => {
  expect(allPresets().map((preset) => preset.name)).toEqual([
    'R1-Zero',
    'R1 stage 2',
    'DAPO',
    'Dr. GRPO',
    'GSPO',
    'CISPO',
  ]);
  expect(getPreset('DAPO').options.epsilon_high).toBe(0.28);
});

test('an unknown preset is named along with the known ones', () => {
  expect(findPreset('PPO')).toBeUndefined();
  expect(() => getPreset('PPO')).toThrow(/"PPO".*R1-Zero/);
});
