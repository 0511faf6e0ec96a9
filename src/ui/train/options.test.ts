import { describe, expect, it } from 'vitest';
import { grpoConfig } from '../../trainer/grpoConfig';
import { acceptsOption, CURATED, FURTHER, OPTION_KINDS, type OptionName, withOption } from './options';

describe('the options of a run', () => {
  it('are all in the form, each once', () => {
    const offered = [...CURATED, ...FURTHER, 'reward_weights', 'custom_reward'].sort();
    expect(offered).toEqual(Object.keys(grpoConfig()).sort());
  });

  it('offer exactly the choices that the schema takes', () => {
    for (const [name, option] of Object.entries(OPTION_KINDS)) {
      if (option.kind !== 'choice') continue;
      for (const value of option.choices) expect(acceptsOption(name as OptionName, value)).toBe(true);
      expect(acceptsOption(name as OptionName, 'nonsense')).toBe(false);
    }
  });

  it('are refused by the schema when out of range, and may be unset only where that means something', () => {
    expect(acceptsOption('num_generations', 1)).toBe(false);
    expect(acceptsOption('learning_rate', -1)).toBe(false);
    expect(acceptsOption('learning_rate', Number.NaN)).toBe(false);
    expect(acceptsOption('epsilon_high', null)).toBe(true);
    expect(acceptsOption('epsilon', null)).toBe(false);
  });

  it('change one at a time', () => {
    const config = grpoConfig({ learning_rate: 1e-4 });
    expect(withOption(config, 'beta', 0.04)).toEqual({ ...config, beta: 0.04 });
    expect(withOption(config, 'beta', -1)).toBeUndefined();
  });
});
