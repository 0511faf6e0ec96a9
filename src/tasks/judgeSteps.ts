// Judges the steps of one thinking in their order: each as it stands when it is written, and what they come to together.
import { judgeAlone } from './calculation';
import type { Standing, StepMark } from './standing';
import { says } from './words';

/** A step as it is judged. */
export interface WrittenStep {
  /** With its words. */
  readonly text: string;
  /** Without its words, and in plain characters; empty where there are only words. */
  readonly line: string;
}

export interface Judgement {
  /** One for each step; undefined where there are only words. */
  readonly marks: readonly (StepMark | undefined)[];
  /** Right steps that brought the end nearer by one. */
  readonly done: number;
  /** The same steps, each weighed by half for every step before it that does not follow. */
  readonly worth: number;
  /** Steps that were not taken back and have any other mark than `right`, or are idle; and corrections beyond those allowed. */
  readonly bad: number;
  /** Steps that are still needed. */
  readonly missing: number;
}

/** How often one step may be taken back at no cost. More is guessing. */
const FREE_CORRECTIONS = 2;

/** All that changes from step to step. */
interface Progress {
  readonly standing: Standing;
  readonly done: number;
  readonly worth: number;
  readonly bad: number;
  /** Steps that do not follow. What comes after them rests on them. */
  readonly slips: number;
}

/**
 * `wait` takes the step before it back, where it writes that step again: the one stands in the other's place. `back`
 * begins a search anew.
 * @param start where the thinking begins.
 */
export function judgeSteps(steps: readonly WrittenStep[], start: Standing): Judgement {
  const seen = new Set<string>();
  let now: Progress = { standing: start, done: 0, worth: 0, bad: 0, slips: 0 };
  let last: { readonly left: string; readonly before: Progress; readonly corrections: number } | undefined;
  const marks = steps.map(({ text, line }): StepMark | undefined => {
    if (says(text, 'back')) now = { ...now, standing: now.standing.restart?.() ?? now.standing };
    if (line === '') return undefined;
    const left = line.slice(0, line.lastIndexOf('=') + 1);
    let corrections = 0;
    if (says(text, 'wait') && last !== undefined && left !== '' && last.left === left) {
      corrections = last.corrections + 1;
      now = { ...last.before, bad: last.before.bad + (corrections > FREE_CORRECTIONS ? 1 : 0) };
    }
    const { mark: alone, isIdle, next } = now.standing.follow(line);
    const mark = (isIdle || alone === 'unrelated') && seen.has(line) ? 'repeated' : alone;
    last = { left, before: now, corrections };
    seen.add(line);
    now = after(now, mark, isIdle, next);
    return mark;
  });
  const { done, worth, bad, standing } = now;
  return { marks, done, worth, bad, missing: standing.missing };
}

/** Who leaps over steps is not paid for them: what they came to was guessed, or worked out elsewhere. */
function after(now: Progress, mark: StepMark, isIdle: boolean | undefined, next: Standing): Progress {
  const isRight = mark === 'right';
  const isPaid = isRight && now.standing.missing - next.missing === 1;
  return {
    standing: next,
    done: now.done + (isPaid ? 1 : 0),
    worth: now.worth + (isPaid ? 0.5 ** now.slips : 0),
    bad: now.bad + (isRight && !isIdle ? 0 : 1),
    slips: now.slips + (isRight || mark === 'repeated' ? 0 : 1),
  };
}

/**
 * Of a question that no task reads, nothing is known to follow: what is false is wrong, and true arithmetic is
 * unrelated where its numbers are neither the question's nor results. It gathers results in place: whatever is taken
 * back, they were written.
 */
export function unknownStanding(question: string): Standing {
  const known = new Set(question.match(/\d+/g) ?? []);
  const standing: Standing = {
    missing: 0,
    follow(line) {
      const alone = judgeAlone(line);
      const [result = '', ...operands] = (line.match(/\d+/g) ?? []).reverse();
      const mark = alone === 'unrelated' && operands.every((number) => known.has(number)) ? 'unread' : alone;
      known.add(result);
      return { mark, next: standing };
    },
  };
  return standing;
}
