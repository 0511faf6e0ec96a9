// Learning works, at a size that a software device trains in seconds: texts become likelier, and GRPO raises its reward.
import { expect, it } from 'vitest';
import { getTask } from '../tasks/registry';
import { isHeldOut } from '../tasks/split';
import { setUpRuntime, tinyModel, tinyRecipe } from '../testing/tinyModel';
import { GrpoTraining } from './grpo/grpo';
import { grpoConfig } from './grpo/grpoConfig';
import { LikelihoodTraining } from './texts/likelihoodTraining';
import { corpusText } from './texts/pretrain';

const runtime = setUpRuntime();

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

it('learns to answer from texts, then to be brief from rewards alone', async () => {
  const recipe = tinyRecipe({
    difficulty: { min_terms: 3, max_terms: 3, max_number: 1 },
    corpus: { think_share: 0.8, languages: { en: 1, zh: 0, mixed: 0 }, self_check_share: 0 },
    steps: 50,
    learning_rate: 2e-2,
  });
  const model = await tinyModel(runtime(), true, recipe);
  const textAt = (index: number) => corpusText(recipe, model.tokenizer, index);
  const run = await LikelihoodTraining.create(runtime(), model, recipe, textAt);
  await run.run();
  const first = await run.readMetrics();
  while (!run.isDone) {
    if (run.step === recipe.steps - 5) await run.readMetrics();
    await run.run();
  }
  const last = await run.readMetrics();
  run.destroy();
  // An untrained model is no better than a guess among the vocabulary; the texts leave it few choices.
  expect(first.loss).toBeGreaterThan(3);
  expect(last.loss).toBeLessThan(1);

  // Most of the texts think before they answer, which takes about 18 tokens; at-once answers take 6.
  const config = grpoConfig({
    num_prompts: 4,
    num_generations: 8,
    max_completion_length: 18,
    learning_rate: 5e-3,
    reward_weights: { soft_overlong: 1, format: 0.1 },
    max_steps: 8,
    seed: 1,
  });
  const trainer = await GrpoTraining.create(runtime(), model, getTask(recipe.task), recipe.difficulty, config);
  const rewards: number[] = [];
  for (let step = 0; step < 8; step++) {
    const { metrics, groups } = await trainer.takeStep();
    rewards.push(metrics.reward as number);
    expect(groups.filter(({ problem }) => isHeldOut(problem))).toEqual([]);
  }
  expect(mean(rewards.slice(-2))).toBeGreaterThan(mean(rewards.slice(0, 2)) + 0.2);
  await trainer.destroy();
});
