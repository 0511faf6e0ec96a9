import { describe, expect, it } from 'vitest';
import { grpoConfig } from '../../protocol/options';
import { CURATED, OPTION_GROUPS, OPTION_KINDS, type OptionName, rangeOfOption, withOption } from './options';

describe('the options of a run', () => {
  it('are all in the form, each once', () => {
    const offered = [
      ...CURATED,
      ...OPTION_GROUPS.flatMap(({ options }) => options),
      'reward_weights',
      'custom_reward',
    ].sort();
    expect(offered).toEqual(Object.keys(grpoConfig()).sort());
  });

  it('offer exactly the choices that the schema takes', () => {
    for (const [name, option] of Object.entries(OPTION_KINDS)) {
      if (option.kind !== 'choice') continue;
      const change = (value: string) => withOption(grpoConfig(), name as OptionName, value);
      for (const value of option.choices) expect(change(value)).toMatchObject({ [name]: value });
      expect(change('nonsense')).toBeUndefined();
    }
  });

  it('say the range that the schema gives them, and may be unset only where that means something', () => {
    expect(rangeOfOption('num_generations')).toEqual({ isWhole: true, min: 2, max: 256 });
    expect(rangeOfOption('learning_rate')).toEqual({ min: 0 });
    expect(rangeOfOption('epsilon_high')).toMatchObject({ mayBeEmpty: true });
    expect(rangeOfOption('epsilon').mayBeEmpty).toBeUndefined();
  });

  it('change one at a time', () => {
    const config = grpoConfig({ learning_rate: 1e-4 });
    expect(withOption(config, 'beta', 0.04)).toEqual({ ...config, beta: 0.04 });
    expect(withOption(config, 'beta', -1)).toBeUndefined();
  });
});
