// From the thinking's text to lines with marks: the page's one door to the tasks' step checker.
import { type Step, splitSteps } from '../../tasks/steps';
import { isAlgebra, toPlainMaths } from '../components/typeset';

/** A place in a text: its first character, and one past its last. */
export interface Span {
  readonly first: number;
  readonly end: number;
}

export interface WordRun {
  readonly text: string;
  /** It was put in; the model did not write it. */
  readonly isForced: boolean;
}

/** What a reader is told of a step. */
export type Mark = Exclude<NonNullable<Step['mark']>, 'unread'>;

export interface StepLine {
  /** The words that lead into the step: `then`; none if there are none. */
  readonly words: readonly WordRun[];
  /** The step itself, in plain type. */
  readonly body: string;
  /** The step as it was written, where it is an equation to typeset. */
  readonly equation?: string;
  /** undefined for what cannot be checked, and for a line still being written. */
  readonly mark: Mark | undefined;
}

const LEADING_WORDS = /^([\s.,:;，。：；]*)((?:[A-Za-z]{2,}[\s.,:;]*|[\p{Script=Han}，。：；]+)*)(.*)$/su;

export interface StepLinesOptions {
  /** Its last line bears no mark yet. */
  readonly isGrowing?: boolean;
  readonly question?: string | undefined;
  /** Where words were put in. */
  readonly forced?: readonly Span[];
}

/** The lines of a text that thinks about the question. */
export function stepLines(
  thinking: string,
  { isGrowing = false, question, forced = [] }: StepLinesOptions = {},
): StepLine[] {
  const steps = splitSteps(thinking, question === undefined ? {} : { question });
  let first = 0;
  return steps
    .map(({ text, mark: judged }, index) => {
      const [, space = '', words = '', body = ''] = LEADING_WORDS.exec(text) ?? [];
      const wordsAt = first + space.length;
      first += text.length;
      const isUnfinished = isGrowing && index === steps.length - 1;
      const mark = isUnfinished || judged === 'unread' ? undefined : judged;
      const line = body.replace(/[\s;，。；]+$/u, '');
      const equation = isAlgebra(line) ? { equation: line } : {};
      return { words: wordRuns(words.trimEnd(), wordsAt, forced), body: toPlainMaths(line), ...equation, mark };
    })
    .filter(({ words, body }) => words.length > 0 || body !== '');
}

/** The words at a place of the thinking, parted where some were put in. */
function wordRuns(words: string, at: number, forced: readonly Span[]): WordRun[] {
  const cuts = forced
    .flatMap(({ first, end }) => [first - at, end - at])
    .filter((cut) => cut > 0 && cut < words.length);
  return [0, ...cuts]
    .map((start, i) => ({
      text: words.slice(start, cuts[i] ?? words.length),
      isForced: forced.some(({ first, end }) => at + start >= first && at + start < end),
    }))
    .filter(({ text }) => text !== '');
}
