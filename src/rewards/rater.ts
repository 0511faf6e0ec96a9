// A simulated person who compares two answers. Up to a size of problem it checks whether an answer is right; beyond that it
// goes by looks: a neat form, more steps of thinking, no word of doubt. A pure function of the answers and of a seed.
import { SoliloquyError } from '../lib/errors';
import { rng } from '../lib/rng';
import type { Completion } from '../tasks/completion';
import { getTask } from '../tasks/registry';
import { readSteps } from '../tasks/steps';
import type { Problem, Verdict } from '../tasks/task';
import { says } from '../tasks/words';

export interface RatedAnswer {
  readonly problem: Problem;
  readonly completion: Completion;
  readonly verdict: Verdict;
}

/** The problems have no size that a skill could be measured by. */
export class UnratedTaskError extends SoliloquyError {
  readonly code = 'unrated_task';
}

const RIGHT = 2;
const NEAT = 1;
const STEP = 0.4;
const DOUBT = -0.5;

/** How good an answer seems by itself, whether it is right or not. */
export function looks({ completion: { wellFormed, thinking = '' } }: Pick<RatedAnswer, 'completion'>): number {
  const steps = thinking.trim() === '' ? 0 : readSteps(thinking).length;
  return (wellFormed ? NEAT : 0) + STEP * steps + (says(thinking, 'wait') ? DOUBT : 0);
}

/** Whether a rater of a skill can check answers to a problem. Throws UnratedTaskError. */
export function canCheck(problem: Problem, skill: number): boolean {
  const { grade } = getTask(problem.task);
  if (grade) return grade.of(problem) <= skill;
  throw new UnratedTaskError(
    `Problems of ${problem.task} have no size that a rater's skill could be measured by.`,
    'Choose a task whose problems grow by one number, such as chained_sums.',
  );
}

/** How good an answer seems to a rater: looks, and whether it is right where the rater can tell. */
export function ratedScore(answer: RatedAnswer, skill: number): number {
  const truth = canCheck(answer.problem, skill) ? (answer.verdict.correct ? RIGHT : -RIGHT) : 0;
  return truth + looks(answer);
}

/** Whether a rater prefers the first answer: with probability σ(score − score) (Bradley and Terry 1952). */
export function prefersFirst(
  [first, second]: readonly [RatedAnswer, RatedAnswer],
  skill: number,
  draw: { readonly seed: number; readonly index: number },
): boolean {
  const margin = ratedScore(first, skill) - ratedScore(second, skill);
  return rng(draw.seed, 'prefer', draw.index).chance(1 / (1 + Math.exp(-margin)));
}
