// The pipeline curriculum, measured on the way: how large the problems are that the model solves.
import type { Runtime } from '../engine/runtime';
import { completeDifficulty } from '../tasks/difficulty';
import { type SizedProblems, sizedProblems } from '../tasks/proposals';
import { getTask } from '../tasks/registry';
import { type Frontier, measureFrontier } from '../trainer/curriculum/frontier';
import type { Pipeline } from './pipeline';
import { runStudy, type StudyOptions, type StudyResult } from './study';

/** The problems that the pipeline's last stage may ask. */
function problemsOf({ task: name, difficulty, stages }: Pipeline): SizedProblems {
  const task = getTask(name);
  const sizes = stages.flatMap((stage) => (stage.kind === 'grpo' && stage.curriculum ? [stage.curriculum] : []))[0];
  if (!sizes) throw new Error('the pipeline has no curriculum');
  return sizedProblems(task, completeDifficulty(task.dials, difficulty), sizes);
}

/** @param count held-out problems of each size that a measurement asks. The model is the caller's to destroy. */
export function runCurriculum(
  runtime: Runtime,
  pipeline: Pipeline,
  { count, ...options }: Omit<StudyOptions<Frontier>, 'measure'> & { readonly count: number },
): Promise<StudyResult<Frontier>> {
  const problems = problemsOf(pipeline);
  const { seed } = pipeline;
  return runStudy<Frontier>(runtime, pipeline, {
    ...options,
    measure: (...of) => measureFrontier(runtime, ...of, problems, { seed, count }),
  });
}
