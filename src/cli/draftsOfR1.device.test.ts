// What the shipped model's module for further tokens drafts, and that it changes nothing of what the model answers.
import { expect, test } from 'vitest';
import { Generator } from '../engine/generator';
import { type LanguageModel, loadLanguageModel, samplingOf } from '../engine/languageModel';
import { acceptance } from '../engine/rollout';
import { getTask } from '../tasks/registry';
import { setUpRuntime } from '../testing/tinyModel';
import { drawProblems, rolloutKey } from '../trainer/evaluation/evaluate';
import { readModel } from './models';

const runtime = setUpRuntime();
async function answers(model: LanguageModel, temperature: number, questions: number, drafts: boolean) {
  const task = getTask('chained_sums');
  const difficulty = { min_terms: 4, max_terms: 8, max_number: 9 };
  const problems = drawProblems(task, difficulty, 'held-out', 1, questions);
  const sampling = samplingOf(model, { temperature, topP: 1, topK: 0 });
  const capacity = { maxNewTokens: sampling.maxNewTokens, promptTokens: 64 * questions, hasAlternatives: false };
  const generator = new Generator(runtime(), model.weights, { ...capacity, rollouts: questions, drafts });
  try {
    return await generator.generate({
      prompts: problems.map(({ question }) => model.tokenizer.encodePrompt(question)),
      members: 1,
      sampling,
      key: (group, member) => rolloutKey(1, 'evaluate', group, member),
    });
  } finally {
    await generator.destroy();
  }
}

test.each([
  { temperature: 0, questions: 256 },
  { temperature: 1, questions: 64 },
])(
  'at temperature $temperature, drafted or not, the same tokens',
  { timeout: 120_000 },
  async ({ temperature, questions }) => {
    const { name, folder } = await readModel('r1');
    const model = await loadLanguageModel(runtime(), name, folder, false);
    const plain = await answers(model, temperature, questions, false);
    const drafted = await answers(model, temperature, questions, true);
    expect(drafted.map(({ tokens }) => tokens)).toEqual(plain.map(({ tokens }) => tokens));
    expect(acceptance(drafted.flatMap(({ drafts = [] }) => drafts)).share).toBeGreaterThan(0.8);
    if (process.env.SOLILOQUY_TELL) {
      const of = acceptance(drafted.flatMap(({ drafts = [] }) => drafts));
      console.log(
        temperature,
        drafted.reduce((sum, { tokens }) => sum + tokens.length, 0),
        JSON.stringify(of),
      );
    }
    model.weights.destroy();
  },
);
