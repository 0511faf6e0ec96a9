import { expect, test } from 'vitest';
import { presetModel } from '../model/presets';
import { getTask } from '../tasks/registry';
import { type GrpoOptions, grpoConfig } from '../trainer/grpo/grpoConfig';
import { getPreset } from '../trainer/grpo/presets';
import { type GrpoCardFacts, grpoCard } from './grpoCard';

function cardOf(options: GrpoOptions, changed: Partial<GrpoCardFacts> = {}): string {
  return grpoCard({
    name: 'mine',
    parent: { name: 'base', path: 'base' },
    task: getTask('chained_sums'),
    difficulty: {},
    preset: 'GSPO',
    config: grpoConfig({ ...getPreset('GSPO').options, ...options }),
    model: presetModel('nano', 67),
    sampling: { temperature: 1, topP: 1, topK: 0, maxNewTokens: 96, endTokens: [1], numTokens: 67 },
    step: 2,
    evaluation: undefined,
    before: undefined,
    out: 'runs/mine',
    device: 'a device',
    seconds: 1,
    ...changed,
  });
}

const commandOf = (...facts: Parameters<typeof cardOf>) => cardOf(...facts).match(/npm run cli -- grpo.*/)?.[0] ?? '';

test('the command on a card takes as many optimizer steps as the run did', () => {
  // Four optimizer steps a generation: 12 are three steps, 11 end in the middle of the third.
  expect(commandOf({ max_steps: 12 })).toContain('--steps 3 ');
  expect(commandOf({ max_steps: 11 })).toContain('--set max_steps=11 ');
  expect(commandOf({ max_steps: 11 })).not.toContain('--steps');
});

test('the command on a card can be pasted into a shell, whatever the names in it are', () => {
  const command = commandOf({}, { parent: { name: 'base', path: "my base's $1" }, out: 'runs/a b' });
  expect(command).toContain("-- grpo 'my base'\\''s $1' --task chained_sums");
  expect(command).toMatch(/--preset GSPO .*--out 'runs\/a b'$/);
});

test('a card of a run whose settings were changed says so, and names no command that would make other weights', () => {
  const steady = cardOf({});
  expect(steady).toContain('The same seed gives the same weights');
  const card = cardOf({}, { changes: [{ step: 1, name: 'learning_rate', from: 0.01, to: 0.001 }] });
  expect(card).toContain('after step 1, learning_rate from 0.01 to 0.001');
  expect(card).not.toContain('npm run cli');
  expect(card).not.toContain('The same seed');
});
