// A run rewarded by a reward model: each answer has the grade that the model gives it, and that is what is learned from.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LanguageModel, loadRewardModel } from '../../engine/languageModel';
import { getTask } from '../../tasks/registry';
import { setUpRuntime, tinyModel, tinyRecipe } from '../../testing/tinyModel';
import { gradeTexts } from '../preference/grader';
import { graderFolder } from '../preference/graderFolder';
import { initialFolder } from '../texts/pretrain';
import { GrpoTraining } from './grpo';
import { type GrpoOptions, grpoConfig } from './grpoConfig';

const runtime = setUpRuntime();
const OPTIONS: GrpoOptions = {
  num_prompts: 8,
  num_generations: 16,
  max_completion_length: 12,
  learning_rate: 1e-2,
  max_steps: 20,
  reward_weights: { reward_model: 1, accuracy: 0 },
  seed: 7,
};
const DIFFICULTY = { min_terms: 2, max_terms: 2, max_number: 2 };

let judge: LanguageModel;
beforeAll(async () => {
  judge = await loadRewardModel(runtime(), 'judge', graderFolder(initialFolder(tinyRecipe()), 1), false);
});
afterAll(() => judge.weights.destroy());

async function open(rewardModel: LanguageModel | undefined, options: GrpoOptions = OPTIONS) {
  const model = await tinyModel(runtime(), true);
  const task = getTask('chained_sums');
  const trainer = await GrpoTraining.create(runtime(), model, task, DIFFICULTY, grpoConfig(options), {
    ...(rewardModel && { rewardModel }),
  });
  return { model, trainer };
}

it('each answer has the grade of the reward model, and answers with higher grades become more frequent', async () => {
  const { model, trainer } = await open(judge);
  const { groups, metrics } = await trainer.takeStep();
  const members = groups.flatMap((group) => group.members);
  const texts = members.map(({ answer: { problem, rollout } }) => ({
    prompt: model.tokenizer.encodePrompt(problem.question),
    completion: rollout.tokens,
  }));
  const grades = await gradeTexts(runtime(), judge.weights, texts, 64);
  for (const [i, { score }] of members.entries()) {
    expect(score.scores.reward_model).toBeCloseTo(grades[i] as number, 5);
    expect(score.total).toBe(score.scores.reward_model);
  }
  expect(metrics.reward).toBeCloseTo(grades.reduce((sum, grade) => sum + grade, 0) / grades.length, 5);
  const rewards = [metrics.reward as number];
  while (trainer.step < trainer.total) rewards.push((await trainer.takeStep()).metrics.reward as number);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(mean(rewards.slice(-5))).toBeGreaterThan(mean(rewards.slice(0, 5)));
  await trainer.destroy();
  model.weights.destroy();
});

it('a reward without its model, and a model without its reward, are refused', async () => {
  await expect(open(undefined)).rejects.toThrow(/given no reward model/);
  await expect(open(judge, { ...OPTIONS, reward_weights: { accuracy: 1 } })).rejects.toThrow(/has no weight/);
});

it('a reward model that reads other tokens is refused', async () => {
  const other = { ...judge, tokenizer: { ...judge.tokenizer, tokenizerJson: {} } };
  await expect(open(other)).rejects.toThrow(/different tokenizers/);
});
