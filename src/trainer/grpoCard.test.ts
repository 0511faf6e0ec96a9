import { expect, test } from 'vitest';
import { presetConfig } from '../model/presets';
import { getTask } from '../tasks/registry';
import { grpoCard } from './grpoCard';
import { type GrpoOptions, grpoConfig } from './grpoConfig';
import { getPreset } from './presets';

function commandOf(options: GrpoOptions): string {
  const card = grpoCard({
    name: 'mine',
    parent: { name: 'base', path: 'base' },
    task: getTask('chained_sums'),
    difficulty: {},
    preset: 'GSPO',
    config: grpoConfig({ ...getPreset('GSPO').options, ...options }),
    model: presetConfig('nano', 67),
    sampling: { temperature: 1, topP: 1, topK: 0, maxNewTokens: 96, endTokens: [1], numTokens: 67 },
    step: 2,
    evaluation: undefined,
    before: undefined,
    out: 'runs/mine',
    device: 'a device',
    seconds: 1,
  });
  return card.match(/npm run cli -- grpo.*/)?.[0] ?? '';
}

test('the command on a card takes as many optimizer steps as the run did', () => {
  // Four optimizer steps a generation: 12 are three steps, 11 end in the middle of the third.
  expect(commandOf({ max_steps: 12 })).toContain('--steps 3 ');
  expect(commandOf({ max_steps: 11 })).toContain('--set max_steps=11 ');
  expect(commandOf({ max_steps: 11 })).not.toContain('--steps');
});
