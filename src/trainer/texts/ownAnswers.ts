// What a model itself answers, as texts to learn from: right or wrong, at its own temperature. A module that is to foresee the
// model's tokens learns from these.
import { type LanguageModel, samplingOf } from '../../engine/languageModel';
import type { Runtime } from '../../engine/runtime';
import type { Difficulty, Task } from '../../tasks/task';
import { drawProblems, questionGenerator, sampleAnswers } from '../evaluation/evaluate';
import type { Sequence } from '../packing';

const BATCH = 128;

/** One answer to each of `count` problems that are not held out. `onProgress` is called with the number answered. */
export async function ownAnswers(
  runtime: Runtime,
  model: LanguageModel,
  of: { readonly task: Task; readonly difficulty: Difficulty; readonly seed: number; readonly count: number },
  onProgress?: (done: number, total: number) => void,
): Promise<Sequence[]> {
  const problems = drawProblems(of.task, of.difficulty, 'train', of.seed, of.count);
  const generator = questionGenerator(runtime, model, Math.min(BATCH, of.count), model.generation.maxNewTokens);
  try {
    const options = { sampling: samplingOf(model), seed: of.seed, samples: 1, onProgress };
    const answers = (await sampleAnswers(runtime, model, generator, of.task, problems, options)).flat();
    return answers.map(({ problem, rollout }) => ({
      prompt: model.tokenizer.encodePrompt(problem.question),
      completion: rollout.tokens,
    }));
  } finally {
    await generator.destroy();
  }
}
