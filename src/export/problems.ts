// The problems of a job: each once, on the side of the split where the run has them.
import { rng } from '../lib/rng';
import { isOwnTask } from '../tasks/own/problemSet';
import { type Split, sampleProblem, TooFewProblemsError } from '../tasks/split';
import type { Difficulty, Problem, Task } from '../tasks/task';

/** What a run draws its problems with. */
export interface ProblemSource {
  readonly task: Task;
  readonly difficulty: Difficulty;
  readonly seed: number;
  /** Questions of one of the run's steps. */
  readonly numPrompts: number;
}

/** Draws in a row that bring nothing new, after which a task counts as exhausted: some always, and more the more it has. */
const MOST_REPEATS = 2000;
const REPEATS_A_PROBLEM = 10;

/**
 * The first distinct problems of a split, in the order in which a run of this seed meets them: fewer than wanted where the task
 * has no more. A rare problem of a large task may be missed.
 */
export function distinctProblems(source: ProblemSource, split: Split, wanted: number): Problem[] {
  const { task, difficulty, seed, numPrompts } = source;
  const draws = (i: number) =>
    split === 'train' ? rng(seed, 'problem', Math.floor(i / numPrompts), i % numPrompts) : rng(seed, 'evaluate', i);
  const problems: Problem[] = [];
  const seen = new Set<string>();
  let repeats = 0;
  for (let i = 0; problems.length < wanted && repeats <= Math.max(MOST_REPEATS, REPEATS_A_PROBLEM * seen.size); i++) {
    const problem = drawn(() => sampleProblem(task, difficulty, split, draws(i)));
    if (problem === undefined) break;
    repeats++;
    if (seen.has(problem.question)) continue;
    seen.add(problem.question);
    problems.push(problem);
    repeats = 0;
  }
  return problems;
}

function drawn(draw: () => Problem): Problem | undefined {
  try {
    return draw();
  } catch (error) {
    if (error instanceof TooFewProblemsError) return undefined;
    throw error;
  }
}

/** What a job calls the task of a problem: a reader's own sets are one. */
export const jobTask = ({ task }: Problem): string => (isOwnTask(task) ? 'own' : task);

/** Whether an answer to one of them is a program, which is tried on cases. */
export const hasPrograms = (problems: readonly Problem[]): boolean => problems.some(({ task }) => task === 'programs');
