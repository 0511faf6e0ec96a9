// A problem as an answer: asked `?`, a model writes a problem of its own, `?` → `3+4-2=?`. What it may ask is bounded by sizes of
// one dial of the task; the smallest sizes are its seed, the only ones that it is ever shown.
import type { Rng } from '../lib/rng';
import { formatCompletion } from './completion';
import type { CorpusDocument } from './corpus';
import { completeDifficulty, DifficultyError } from './difficulty';
import { isHeldOut, sampleProblem } from './split';
import type { Difficulty, Problem, Task } from './task';

/** The question to which a problem is the answer. */
export const PROPOSE = '?';

/** Problems by their size: the least value of a dial at which the task has them. */
export interface SizedProblems {
  readonly task: Task;
  /** What else is set. */
  readonly difficulty: Difficulty;
  readonly dial: string;
  /** From the smallest on; the most that may be asked. */
  readonly sizes: readonly number[];
}

/** Throws DifficultyError where the task has no such dial. */
export function sizedProblems(
  task: Task,
  difficulty: Difficulty,
  { dial: name, least, most }: { readonly dial: string; readonly least: number; readonly most: number },
): SizedProblems {
  const dial = task.dials.find((known) => known.name === name);
  if (!dial || least > most || least < dial.min || most > dial.max) {
    const known = task.dials.map(({ name, min, max }) => `${name} (${min} to ${max})`).join(', ');
    throw new DifficultyError(
      `${name} from ${least} to ${most} is no range of sizes of ${task.name}.`,
      `Its dials are ${known || 'none'}.`,
    );
  }
  return { task, difficulty, dial: name, sizes: Array.from({ length: most - least + 1 }, (_, i) => least + i) };
}

const upTo = ({ task, difficulty, dial }: SizedProblems, size: number): Difficulty =>
  completeDifficulty(task.dials, { ...difficulty, [dial]: size });

/** The size of a problem; undefined where it is none of these. */
export const sizeOf = (problems: SizedProblems, problem: Problem): number | undefined =>
  problems.sizes.find((size) => problems.task.isWithin(problem, upTo(problems, size)));

const MOST_DRAWS = 1000;

/** A problem of exactly this size. Throws DifficultyError where there is hardly one. */
export function drawOfSize(problems: SizedProblems, size: number, split: 'train' | 'held-out', rng: Rng): Problem {
  for (let i = 0; i < MOST_DRAWS; i++) {
    const problem = sampleProblem(problems.task, upTo(problems, size), split, rng);
    if (sizeOf(problems, problem) === size) return problem;
  }
  throw new DifficultyError(
    `${problems.task.name} has hardly any problem with ${problems.dial} of ${size}.`,
    'Choose other sizes.',
  );
}

/** The problem that an answer asks: well written, of a size that may be asked, and not held out. */
export function readProposal(problems: SizedProblems, answer: string | undefined): Problem | undefined {
  const problem = answer === undefined ? undefined : problems.task.parse(answer);
  if (!problem || isHeldOut(problem) || sizeOf(problems, problem) === undefined) return undefined;
  return problem;
}

/** A text in which a problem is asked. */
export function proposalDocument(task: Task, difficulty: Difficulty, rng: Rng): CorpusDocument {
  const { question } = sampleProblem(task, difficulty, 'train', rng);
  return { question: PROPOSE, completion: formatCompletion('', question) };
}
