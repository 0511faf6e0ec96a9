// From the thinking's text to lines with marks: the page's one door to the task's step checker.
import { splitSteps } from '../../tasks/steps';
import { toPlainMaths } from '../components/typeset';

export interface StepLine {
  /** The words that lead into the step: `then`; empty if there are none. */
  readonly words: string;
  /** The step itself, in plain type. */
  readonly body: string;
  /** undefined for what is no calculation, and for a line still being written. */
  readonly mark: 'right' | 'wrong' | undefined;
}

const LEADING_WORDS = /^[\s.,:;，。：；]*((?:[A-Za-z]{2,}[\s.,:;]*|[\p{Script=Han}，。：；]+)*)(.*)$/su;

/** The lines of a thinking text; while it is still growing the last line bears no mark. */
export function stepLines(thinking: string, isGrowing: boolean): StepLine[] {
  const steps = splitSteps(thinking);
  return steps
    .map(({ text, valid }, index) => {
      const [, words = '', body = ''] = LEADING_WORDS.exec(text) ?? [];
      const isUnfinished = isGrowing && index === steps.length - 1;
      const mark = isUnfinished || valid === undefined ? undefined : valid ? ('right' as const) : ('wrong' as const);
      return { words: words.trim(), body: toPlainMaths(body.replace(/[\s;，。；]+$/u, '')), mark };
    })
    .filter(({ words, body }) => words !== '' || body !== '');
}
