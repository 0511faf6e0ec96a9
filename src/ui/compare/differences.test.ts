import { describe, expect, test } from 'vitest';
import { grpoConfig } from '../../protocol/options';
import type { RunRecord } from '../../protocol/protocol';
import { settingsDifferences } from './differences';

function run(
  config: Parameters<typeof grpoConfig>[0],
  difficulty: Record<string, number> = { max_terms: 8 },
): RunRecord {
  const settings = {
    task: 'chained_sums',
    difficulty,
    preset: 'R1-Zero',
    config: grpoConfig(config),
    evalProblems: 64,
    evalEvery: 10,
    checkpointEvery: 10,
  };
  return { id: 'a', name: 'a', createdAt: '', baseModel: 'base', parents: [], settings, step: 1, status: 'paused' };
}

describe('the differences of settings', () => {
  test('of equal runs are none', () => {
    expect(settingsDifferences([run({ beta: 0.1 }), run({ beta: 0.1 })])).toEqual([]);
  });

  test('name each option that differs, under its own name, with every run’s value', () => {
    expect(settingsDifferences([run({ beta: 0 }), run({ beta: 0.1 }), run({ beta: 0 })])).toEqual([
      { name: 'beta', values: ['0', '0.1', '0'] },
    ]);
  });

  test('reach into dials and reward weights, and leave a gap where a run has none', () => {
    const found = settingsDifferences([
      run({ reward_weights: { accuracy: 1 } }, { max_terms: 4 }),
      run({ reward_weights: { accuracy: 1, format: 0.5 } }),
    ]);
    expect(found).toContainEqual({ name: 'difficulty.max_terms', values: ['4', '8'] });
    expect(found).toContainEqual({ name: 'reward_weights.format', values: [undefined, '0.5'] });
    expect(found).toHaveLength(2);
  });

  test('tell the model that a run began with', () => {
    const child = { ...run({}), parents: ['calm-otter-7'] };
    expect(settingsDifferences([run({}), child])).toEqual([{ name: 'model', values: ['base', 'base · calm-otter-7'] }]);
  });
});
