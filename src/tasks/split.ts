// Which problems are for training and which are kept for evaluation, decided by the problem alone,
// in its canonical form.
import { SoliloquyError } from '../lib/errors';
import { hashText } from '../lib/hash';
import { PURPOSE, pcg4d, type Rng } from '../lib/rng';
import type { Difficulty, Problem, Task } from './task';

export type Split = 'train' | 'held-out';

/** The difficulty leaves no (or hardly any) problems for the wanted split. */
export class TooFewProblemsError extends SoliloquyError {
  readonly code = 'too_few_problems';
}

const MAX_DRAWS = 1000;

/** True for about one problem in eight, the same ones for ever. Training never sees them. */
export function isHeldOut(problem: Problem): boolean {
  const hash = hashText(problem.splitKey ?? `${problem.task}:${problem.canonical ?? problem.question}`);
  return pcg4d(hash, PURPOSE.split, 0, 0)[0] % 8 === 0;
}

/** Draws problems until one is of the split. Throws TooFewProblemsError after a thousand in vain. */
export function sampleProblem(task: Task, difficulty: Difficulty, split: Split, rng: Rng): Problem {
  for (let draw = 0; draw < MAX_DRAWS; draw++) {
    const problem = task.generate(rng, difficulty);
    if (isHeldOut(problem) === (split === 'held-out')) return problem;
  }
  throw new TooFewProblemsError(
    `${task.about.en.label} has hardly any ${split} problem at this difficulty.`,
    task.dials.length > 0 ? 'Turn up its dials.' : 'Add problems to it.',
  );
}
