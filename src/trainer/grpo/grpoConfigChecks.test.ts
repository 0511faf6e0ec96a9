import fc from 'fast-check';
import { expect, test } from 'vitest';
import { grpoConfig } from './grpoConfig';
import { checkGrpoConfig, GrpoConfigError, grpoWarnings } from './grpoConfigChecks';
import { allPresets } from './presets';

const cut = (num_prompts: number, num_generations: number, steps_per_generation: number) =>
  grpoConfig({ num_prompts, num_generations, steps_per_generation });

test('mini-batches that cannot be of one size are refused, with those that can be', () => {
  expect(() => checkGrpoConfig(cut(2, 4, 5))).toThrow(GrpoConfigError);
  expect(() => checkGrpoConfig(cut(2, 4, 5))).toThrow(/8 answers.*2 × num_generations 4.*5 mini-batches.*to 4 or 8/);
  expect(() => checkGrpoConfig(cut(2, 4, 16))).toThrow(/Set steps_per_generation to 8,/);
});

test('what is not refused leaves every mini-batch the same number of answers, at least one', () => {
  const size = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(size, fc.integer({ min: 2, max: 16 }), fc.integer({ min: 1, max: 400 }), (prompts, members, parts) => {
      const isWhole = (prompts * members) % parts === 0;
      const check = () => checkGrpoConfig(cut(prompts, members, parts));
      if (isWhole) expect(check).not.toThrow();
      else expect(check).toThrow(GrpoConfigError);
    }),
  );
});

test('a reference that is to be renewed and is not kept is refused, as by TRL', () => {
  expect(() => checkGrpoConfig(grpoConfig({ sync_ref_model: true }))).toThrow(/sync_ref_model.*beta 0/);
  expect(() => checkGrpoConfig(grpoConfig({ sync_ref_model: true, beta: 0.01 }))).not.toThrow();
});

test('no preset is refused', () => {
  for (const preset of allPresets()) expect(() => checkGrpoConfig(grpoConfig(preset.options))).not.toThrow();
});

test('one ratio an answer in a loss that sums over tokens is warned of, as by TRL', () => {
  const warnings = (loss_type: 'grpo' | 'dapo' | 'bnpo' | 'dr_grpo' | 'cispo' | 'luspo') =>
    grpoWarnings(grpoConfig({ importance_sampling_level: 'sequence', loss_type }));
  for (const loss_type of ['dapo', 'bnpo', 'dr_grpo', 'cispo'] as const) {
    expect(warnings(loss_type)).toEqual(['sequenceLevelTokenSum']);
  }
  for (const loss_type of ['grpo', 'luspo'] as const) expect(warnings(loss_type)).toEqual([]);
});

test('a sampler that draws from less than the vocabulary is warned of', () => {
  expect(grpoWarnings(grpoConfig({ top_p: 0.9 }))).toEqual(['cutSampling']);
  expect(grpoWarnings(grpoConfig({ top_k: 20 }))).toEqual(['cutSampling']);
});

test('no preset is warned of', () => {
  for (const preset of allPresets()) expect(grpoWarnings(grpoConfig(preset.options))).toEqual([]);
});
