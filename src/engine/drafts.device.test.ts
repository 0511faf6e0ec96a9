// Drafting with the module for further tokens: the tokens are those without it, whatever is drafted.
import { expect, test } from 'vitest';
import { setUpRuntime, tinyModel, tinyRecipe } from '../testing/tinyModel';
import { LikelihoodTraining } from '../trainer/texts/likelihoodTraining';
import { corpusText } from '../trainer/texts/pretrain';
import { Generator } from './generator';
import { type LanguageModel, samplingOf } from './languageModel';

const runtime = setUpRuntime();

/** One that has learned a little, so that some drafts are accepted and some are not. */
async function trained(): Promise<LanguageModel> {
  const recipe = tinyRecipe({
    model: { first_k_dense_replace: 1, num_nextn_predict_layers: 1 },
    mtp_loss_scaling_factor: 1,
    steps: 60,
  });
  const model = await tinyModel(runtime(), true, recipe);
  const training = await LikelihoodTraining.create(runtime(), model, recipe, (index) =>
    corpusText(recipe, model.tokenizer, index),
  );
  while (!training.isDone) await training.run();
  await training.destroy();
  return model;
}

const QUESTIONS = ['1+2=?', '2+2=?', '1-2=?', '2-1=?', '0+1=?'];
const MAX_NEW_TOKENS = 24;

async function answers(
  model: LanguageModel,
  options: { temperature: number; topP?: number; topK?: number },
  drafts: boolean,
) {
  const prompts = QUESTIONS.map((question) => model.tokenizer.encodePrompt(question));
  const generator = new Generator(runtime(), model.weights, {
    rollouts: 3 * prompts.length,
    maxNewTokens: MAX_NEW_TOKENS,
    promptTokens: 64,
    hasAlternatives: true,
    drafts,
  });
  try {
    return await generator.generate({
      prompts,
      members: 3,
      sampling: samplingOf(model, { ...options, maxNewTokens: MAX_NEW_TOKENS }),
      key: (group, member) => [group, member, 7],
    });
  } finally {
    await generator.destroy();
  }
}

test('the same tokens with the same probabilities, some drafted and some not', { timeout: 120_000 }, async () => {
  const model = await trained();
  for (const options of [
    { temperature: 0 },
    { temperature: 1 },
    { temperature: 1.3, topP: 0.9 },
    { temperature: 0.8, topK: 3 },
  ]) {
    const [plain, drafted] = [await answers(model, options, false), await answers(model, options, true)];
    const outcomes = drafted.flatMap(({ drafts = [] }) => drafts);
    for (const outcome of ['none', 'refused', 'accepted'] as const) expect(outcomes).toContain(outcome);
    plain.forEach((rollout, i) => {
      const other = drafted[i];
      expect(other?.tokens).toEqual(rollout.tokens);
      expect(other?.stop).toBe(rollout.stop);
      expect(other?.drafts).toHaveLength(rollout.tokens.length);
      for (const key of ['logps', 'drawnLogps', 'entropies'] as const)
        other?.[key].forEach((value, t) => {
          expect(value).toBeCloseTo(rollout[key][t] as number, 4);
        });
      expect(other?.alternatives.map((of) => of.map(({ token }) => token))).toEqual(
        rollout.alternatives.map((of) => of.map(({ token }) => token)),
      );
    });
  }
});

test('a model without such a module is refused', async () => {
  const model = await tinyModel(runtime(), false);
  const capacity = { rollouts: 1, maxNewTokens: 4, promptTokens: 8, hasAlternatives: false, drafts: true };
  expect(() => new Generator(runtime(), model.weights, capacity)).toThrow(/no module for further tokens/);
});
