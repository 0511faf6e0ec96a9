// How an answer changed between the model before a run and the model after it. Pure.
import type { BeforeAfterPair } from '../../worker/protocol';

export type Outcome = 'fixed' | 'broken' | 'unchanged';

export function outcomeOf({ before, after }: BeforeAfterPair): Outcome {
  if (before.correct === after.correct) return 'unchanged';
  return after.correct ? 'fixed' : 'broken';
}

/** The pairs by outcome, each in the order of the questions. */
export function byOutcome(pairs: readonly BeforeAfterPair[]): Readonly<Record<Outcome, readonly BeforeAfterPair[]>> {
  const of = (outcome: Outcome) => pairs.filter((pair) => outcomeOf(pair) === outcome);
  return { fixed: of('fixed'), broken: of('broken'), unchanged: of('unchanged') };
}

/** A text in two: the part both models wrote, and the rest, which begins at the first difference. */
export function splitAtDifference(
  text: string,
  firstDifference: number,
): { readonly same: string; readonly rest: string } {
  if (firstDifference < 0) return { same: text, rest: '' };
  return { same: text.slice(0, firstDifference), rest: text.slice(firstDifference) };
}
