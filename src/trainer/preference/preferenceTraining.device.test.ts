// A training on preferred pairs learns them, and a resumed one makes the same bits.
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { loadLanguageModel, loadRewardModel, toFolder } from '../../engine/languageModel';
import { readFloats } from '../../lib/tensors/storedTensor';
import { setUpRuntime, tinyRecipe } from '../../testing/tinyModel';
import { initialFolder } from '../texts/pretrain';
import { graderFolder } from './graderFolder';
import { preferencePair } from './pairs';
import { dpoConfigSchema, type PreferenceConfig, rewardConfigSchema, scoreOf } from './preferenceConfig';
import { PreferenceTraining } from './preferenceTraining';

const runtime = setUpRuntime();
const folder = initialFolder(tinyRecipe());
const ANSWERS = ['<think></think><answer>1</answer>', '<think>1+0=1</think><answer>1</answer>'] as const;
/** The one that thinks is preferred. */
const TEXTS = ['1+0=?', '0+1=?', '2-1=?', '1-0=?', '2+0=?'].map((prompt) => ({
  prompt,
  chosen: ANSWERS[1],
  rejected: ANSWERS[0],
}));

const RATE = { learning_rate: 1e-2, per_device_train_batch_size: 2, max_steps: 6 };
const CONFIGS: readonly (readonly [string, PreferenceConfig])[] = [
  ['DPO', v.parse(dpoConfigSchema, RATE)],
  ['a reward model', v.parse(rewardConfigSchema, RATE)],
];

async function start(config: PreferenceConfig, from = folder) {
  const isGrader = scoreOf(config) === 'grade';
  const own = isGrader && !from.description.architecture.isGrader ? graderFolder(from, 1) : from;
  const model = await (isGrader ? loadRewardModel : loadLanguageModel)(runtime(), 'tiny', own, true);
  const pairs = TEXTS.map((text) => preferencePair(model.tokenizer, text, scoreOf(config)));
  return { model, training: await PreferenceTraining.create(runtime(), model, config, pairs) };
}

type Started = Awaited<ReturnType<typeof start>>;

async function weightsOf({ model }: Started): Promise<number[]> {
  const { tensors } = await toFolder(runtime(), model);
  return (await Promise.all([...tensors.values()].map((tensor) => readFloats(tensor)))).flatMap((values) => [
    ...values,
  ]);
}

async function end({ model, training }: Started) {
  await training.destroy();
  model.weights.destroy();
}

describe.each(CONFIGS)('%s', (_, config) => {
  it('comes to prefer what was chosen, and stopped halfway and resumed makes the same bits', async () => {
    const whole = await start(config);
    const metrics = [];
    for (let step = 0; step < whole.training.total; step++) metrics.push(await whole.training.run());
    const [accuracy, margin] = ['accuracy' in (metrics[0] ?? {}) ? 'accuracy' : 'rewards/accuracies', 'margin'];
    expect(metrics.at(-1)?.[accuracy]).toBe(1);
    expect(Number(metrics.at(-1)?.loss)).toBeLessThan(Number(metrics[0]?.loss));
    expect(Object.keys(metrics[0] ?? {}).some((name) => name.endsWith(margin) || name.endsWith('margins'))).toBe(true);

    const first = await start(config);
    for (let step = 0; step < 3; step++) await first.training.run({ isTold: false });
    const [memory, half] = [await first.training.remember(), await toFolder(runtime(), first.model)];
    await end(first);
    const second = await start(config, half);
    second.training.restore(memory);
    for (let step = 3; step < 6; step++) await second.training.run({ isTold: false });
    expect(second.training.tokens).toBe(whole.training.tokens);
    expect(await weightsOf(second)).toEqual(await weightsOf(whole));
    await end(whole);
    await end(second);
  });
});

it('a model that writes is refused as a reward model, and the other way round', async () => {
  await expect(loadRewardModel(runtime(), 'tiny', folder, false)).rejects.toThrow('tiny is no reward model');
  const grader = graderFolder(folder, 1);
  await expect(loadLanguageModel(runtime(), 'judge', grader, false)).rejects.toThrow('judge is a reward model');
});
