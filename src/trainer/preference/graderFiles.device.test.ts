// A reward model's folder, written and read again, grades the same; with GRADER_OUT it is left there with its grades, for
// reference/python/check_reward_model.py, which loads it in transformers.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { loadRewardModel, modelFiles } from '../../engine/languageModel';
import { mapSource } from '../../formats/huggingface/fileSource';
import { readFolder } from '../../formats/huggingface/readFolder';
import { expectClose } from '../../testing/close';
import { setUpRuntime, tinyRecipe } from '../../testing/tinyModel';
import { initialFolder } from '../texts/pretrain';
import { sftText } from '../texts/sft';
import { gradeTexts } from './grader';
import { graderFolder } from './graderFolder';

const runtime = setUpRuntime();
const QUESTIONS = ['1+0=?', '0+1=?', '1-1=?', '1+1-1=?'];

it('is read again as it was written', async () => {
  const folder = graderFolder(initialFolder(tinyRecipe()), 1);
  const model = await loadRewardModel(runtime(), 'judge', folder, false);
  const texts = QUESTIONS.map((question, i) =>
    sftText(model.tokenizer, { question, completion: `<think>${question}</think><answer>${i}</answer>` }),
  );
  const grades = await gradeTexts(runtime(), model.weights, texts, 128);
  const files = await modelFiles(runtime(), model);
  const again = await loadRewardModel(runtime(), 'again', await readFolder(mapSource('judge', files)), false);
  expectClose(await gradeTexts(runtime(), again.weights, texts, 128), grades, {
    absolute: 1e-6,
    because: 'the weights are the same, written as f32',
  });
  expect(new Set(grades).size).toBe(grades.length);
  for (const one of [model, again]) one.weights.destroy();
  const { GRADER_OUT } = process.env;
  if (GRADER_OUT === undefined) return;
  for (const [name, bytes] of files) {
    const path = join(GRADER_OUT, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  const graded = texts.map(({ prompt, completion }, i) => ({ tokens: [...prompt, ...completion], grade: grades[i] }));
  writeFileSync(join(GRADER_OUT, 'grades.jsonl'), graded.map((one) => `${JSON.stringify(one)}\n`).join(''));
});
