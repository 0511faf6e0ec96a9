import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GrpoConfig, grpoConfig, grpoConfigSchema } from '../trainer/grpo/grpoConfig';
import { allPresets } from '../trainer/grpo/presets';
import { LOSS_TYPE_NAMES } from '../trainer/objectives/lossTypes';
import { type JobSettings, SETTING_NAMES, translate, translateAll } from './grpoSettings';
import { VERL_FIXED, verlScript } from './verlScript';

const VERL_OPTIONS = readFileSync(new URL('../testing/fixtures/verl/config.tsv', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('\t')[0] as string);

const settingsOf = (config: GrpoConfig, mostPerDevice = 128): JobSettings => ({
  config,
  problems: 4096,
  mostPerDevice,
});

/** Runs in which every setting does something: of the two precisions a run has one. */
const EVERYTHING = grpoConfig({
  beta: 0.01,
  adam_epsilon: 1e-6,
  epsilon_high: 0.3,
  delta: 2,
  importance_sampling_level: 'sequence',
  fp16: true,
  steps_per_generation: 2,
  mask_truncated_completions: true,
  sync_ref_model: true,
  reward_weights: { accuracy: 1, custom: 0.5, soft_overlong: 1 },
  custom_reward: 'const reward = () => 0;',
  filter_groups: true,
  multi_objective_aggregation: 'normalize_then_sum',
  use_adaptive_entropy: true,
  top_entropy_quantile: 0.2,
  min_p: 0.05,
  off_policy_mask_threshold: 0.5,
  loss_type: 'vespo',
});

const IN_EIGHT_BITS = grpoConfig({ fp8: true });

describe('the table of settings', () => {
  it('has every setting of a run, and no other', () => {
    expect([...SETTING_NAMES].sort()).toEqual(Object.keys(grpoConfigSchema.entries).sort());
  });

  it.each(['trl', 'verl'] as const)('maps every setting for %s, or says that it is lacking', (trainer) => {
    for (const name of SETTING_NAMES) {
      const config = name === 'fp8' ? IN_EIGHT_BITS : EVERYTHING;
      const { options = {}, differs = '' } = translate(trainer, name, settingsOf(config));
      expect(Object.keys(options).length > 0 || differs.length > 20, name).toBe(true);
    }
  });

  it('names what TRL lacks', () => {
    expect(translateAll('trl', settingsOf(EVERYTHING)).differs.join()).toContain('filter_groups: TRL has no dynamic');
  });

  it('says nothing where there is nothing to say', () => {
    expect(translateAll('trl', settingsOf(grpoConfig())).differs).toEqual([]);
  });
});

describe('TRL', () => {
  it('has as many answers in an optimizer step and in a generation as the run', () => {
    const size = fc.integer({ min: 1, max: 24 });
    fc.assert(
      fc.property(
        size,
        fc.integer({ min: 2, max: 16 }),
        size,
        fc.integer({ min: 1, max: 128 }),
        (prompts, group, parts, most) => {
          fc.pre((prompts * group) % parts === 0);
          const config = grpoConfig({ num_prompts: prompts, num_generations: group, steps_per_generation: parts });
          const { options } = translateAll('trl', settingsOf(config, most));
          const device = options.per_device_train_batch_size as number;
          const ofStep = device * (options.gradient_accumulation_steps as number);
          expect(ofStep * parts).toBe(prompts * group);
          expect(device * (options.steps_per_generation as number)).toBe(prompts * group);
          expect(device).toBeLessThanOrEqual(most);
        },
      ),
    );
  });
});

describe('veRL', () => {
  const configs = [
    EVERYTHING,
    ...allPresets().map(({ options }) => grpoConfig(options)),
    ...LOSS_TYPE_NAMES.map((loss_type) => grpoConfig({ loss_type })),
  ];

  it('is given only options that it has', () => {
    for (const config of configs) {
      const settings = translateAll('verl', settingsOf(config)).options;
      const script = verlScript(settings);
      const named = [...script.matchAll(/^ {2}'?([\w.]+)=/gm)].map(([, name]) => name as string);
      expect(named.length).toBeGreaterThan(Object.keys(VERL_FIXED).length + 20);
      expect(named.filter((name) => !VERL_OPTIONS.includes(name))).toEqual([]);
    }
  });

  it('caps the ratio of cispo where the run does', () => {
    const { options } = translateAll('verl', settingsOf(grpoConfig({ loss_type: 'cispo', epsilon_high: 5 })));
    expect(options['actor_rollout_ref.actor.clip_ratio_high']).toBe(4);
    expect(options['actor_rollout_ref.actor.clip_ratio_low']).toBe(1);
  });

  it('takes as many generations as the run, over as many epochs as they need', () => {
    const config = grpoConfig({ max_steps: 4001, steps_per_generation: 2, num_prompts: 16 });
    const { options } = translateAll('verl', settingsOf(config));
    expect(options['trainer.total_training_steps']).toBe(2001);
    expect(options['trainer.total_epochs']).toBe(8);
  });
});
