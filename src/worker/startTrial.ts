// How a model does at what it is about to practise, on a few problems, before a run is begun that could teach it nothing.
import { type LanguageModel, samplingOf } from '../engine/languageModel';
import type { Runtime } from '../engine/runtime';
import type { RunSettings, StartTrial } from '../protocol/protocol';
import { completeDifficulty } from '../tasks/difficulty';
import { getTask } from '../tasks/registry';
import { drawProblems, evaluate, questionGenerator } from '../trainer/evaluation/evaluate';
import { generationOf } from '../trainer/evaluation/samplingSettings';

/** None right of as many is rarer than one in a hundred at an accuracy of a quarter. */
const NUM_PROBLEMS = 16;

/** @throws what the task or the tokenizer says of problems that cannot be drawn or read. */
export async function tryModel(runtime: Runtime, model: LanguageModel, settings: RunSettings): Promise<StartTrial> {
  const { config } = settings;
  const task = getTask(settings.task);
  const difficulty = completeDifficulty(task.dials, settings.difficulty);
  const problems = drawProblems(task, difficulty, 'held-out', config.seed, NUM_PROBLEMS);
  const sampling = samplingOf(model, generationOf(config));
  const generator = questionGenerator(runtime, model, NUM_PROBLEMS, config.max_completion_length);
  try {
    const { answers } = await evaluate(runtime, model, generator, task, problems, sampling, config.seed);
    return { problems: answers.length, right: answers.filter(({ verdict }) => verdict.correct).length };
  } finally {
    await generator.destroy();
  }
}
