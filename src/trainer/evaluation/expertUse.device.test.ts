import { expect, it } from 'vitest';
import { samplingOf } from '../../engine/languageModel';
import { getTask } from '../../tasks/registry';
import { setUpRuntime, tinyModel, tinyRecipe } from '../../testing/tinyModel';
import { drawProblems, evaluate, questionGenerator } from './evaluate';
import { expertUse } from './expertUse';

const runtime = setUpRuntime();

it('the use of experts is told for each task and layer, in shares of all choices', async () => {
  const mixture = getTask('mixture');
  const model = await tinyModel(runtime(), false, tinyRecipe({ task: 'mixture', difficulty: {} }));
  const problems = drawProblems(mixture, { products: 1, countdown: 1 }, 'held-out', 0, 24);
  const generator = questionGenerator(runtime(), model, 24, 8);
  const sampling = { ...samplingOf(model), maxNewTokens: 8 };
  const { answers } = await evaluate(runtime(), model, generator, mixture, problems, sampling, 0);
  const uses = await expertUse(runtime(), model, answers);
  const tasks = [...new Set(problems.map(({ task }) => task))].sort();
  expect(tasks.length).toBeGreaterThan(2);
  expect(uses.map(({ task, layer }) => [task, layer])).toEqual(tasks.map((task) => [task, 1]));
  for (const { shares } of uses) {
    expect(shares).toHaveLength(4);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  }
  await generator.destroy();
  model.weights.destroy();
});
