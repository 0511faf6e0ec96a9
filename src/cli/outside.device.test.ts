// What the shipped models of every task say to questions outside their world.
import { expect, test } from 'vitest';
import { loadLanguageModel, samplingOf } from '../engine/languageModel';
import { parseCompletion } from '../tasks/completion';
import { UNKNOWN } from '../tasks/talk/topics';
import { OUTSIDE_QUESTIONS } from '../testing/fixtures/outsideQuestions';
import { setUpRuntime } from '../testing/tinyModel';
import { questionGenerator, rolloutKey } from '../trainer/evaluation/evaluate';
import { readModel } from './models';

const runtime = setUpRuntime();
const BATCH = 100;
const REPLIES: readonly string[] = Object.values(UNKNOWN);

/** The least share; what was measured is in docs/experiments.md. */
const SHIPPED: readonly (readonly [id: string, least: number])[] = [
  ['wide-zero', 0.9],
  ['wide-r1', 0.9],
];

/** Given by hand, a folder is measured in place of the shipped ones. */
const given = process.env.SOLILOQUY_OUTSIDE_MODEL;

const measured = given === undefined ? SHIPPED : [[given, 1] as const];

test.each(measured)('%s says mostly that it does not know', async (id, least) => {
  const { name, folder } = await readModel(id);
  const model = await loadLanguageModel(runtime(), name, folder, false);
  const sampling = samplingOf(model);
  const generator = questionGenerator(runtime(), model, BATCH, sampling.maxNewTokens);
  const wrong: string[] = [];
  for (let first = 0; first < OUTSIDE_QUESTIONS.length; first += BATCH) {
    const questions = OUTSIDE_QUESTIONS.slice(first, first + BATCH);
    const rollouts = await generator.generate({
      prompts: questions.map((question) => model.tokenizer.encodePrompt(question)),
      members: 1,
      sampling,
      key: (group) => rolloutKey(0, 'evaluate', first + group, 1),
    });
    for (const { group, tokens } of rollouts) {
      const { answer } = parseCompletion(model.tokenizer.decode(tokens));
      if (!REPLIES.includes(answer ?? '')) wrong.push(`${questions[group]} → ${answer}`);
    }
  }
  await generator.destroy();
  model.weights.destroy();
  const share = 1 - wrong.length / OUTSIDE_QUESTIONS.length;
  expect(share, wrong.join('\n')).toBeGreaterThanOrEqual(least);
});
