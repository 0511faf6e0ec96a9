// How an answer changed between the model before a run and the model after it. Pure.
import type { BeforeAfterPair } from '../../protocol/protocol';

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

/** A text in three: the part both models wrote, the token at which they part, and the rest. */
export function splitAtDifference(
  text: string,
  firstDifference: number,
  /** Recordings of old do not know it: then the rest is all there is. */
  differing = text.slice(firstDifference),
): { readonly same: string; readonly token: string; readonly rest: string } {
  if (firstDifference < 0) return { same: text, token: '', rest: '' };
  const end = firstDifference + differing.length;
  return { same: text.slice(0, firstDifference), token: text.slice(firstDifference, end), rest: text.slice(end) };
}

/** How the problems of one grade fared. */
export interface GradeRow {
  readonly grade: number;
  readonly count: number;
  readonly before: GradeSide;
  readonly after: GradeSide;
}

export interface GradeSide {
  readonly accuracy: number;
  readonly thinkingTokens: number;
}

/** The pairs by how hard their problems are, the easiest first; none where they have no grade or all the same. */
export function byGrade(pairs: readonly BeforeAfterPair[]): GradeRow[] {
  const grades = new Set(pairs.flatMap(({ grade }) => grade ?? []));
  if (grades.size < 2) return [];
  return [...grades]
    .sort((a, b) => a - b)
    .map((grade) => {
      const own = pairs.filter((pair) => pair.grade === grade);
      const mean = (value: (pair: BeforeAfterPair) => number) =>
        own.reduce((sum, pair) => sum + value(pair), 0) / own.length;
      const side = (name: 'before' | 'after') => ({
        accuracy: mean((pair) => Number(pair[name].correct)),
        thinkingTokens: mean((pair) => pair[name].thinkingTokens ?? 0),
      });
      return { grade, count: own.length, before: side('before'), after: side('after') };
    });
}
