// From the thinking's text to lines with marks: the page's one door to the tasks' step checker.
import { splitSteps } from '../../tasks/steps';
import { isAlgebra, toPlainMaths } from '../components/typeset';

export interface StepLine {
  /** The words that lead into the step: `then`; empty if there are none. */
  readonly words: string;
  /** The step itself, in plain type. */
  readonly body: string;
  /** The step as it was written, where it is an equation to typeset. */
  readonly equation?: string;
  /** undefined for what cannot be checked, and for a line still being written. */
  readonly mark: 'right' | 'wrong' | undefined;
}

const LEADING_WORDS = /^[\s.,:;，。：；]*((?:[A-Za-z]{2,}[\s.,:;]*|[\p{Script=Han}，。：；]+)*)(.*)$/su;

/** The lines of a text that thinks about the question; while it is still growing the last line bears no mark. */
export function stepLines(thinking: string, isGrowing: boolean, question?: string): StepLine[] {
  const steps = splitSteps(thinking, question === undefined ? {} : { question });
  return steps
    .map(({ text, valid }, index) => {
      const [, words = '', body = ''] = LEADING_WORDS.exec(text) ?? [];
      const isUnfinished = isGrowing && index === steps.length - 1;
      const mark = isUnfinished || valid === undefined ? undefined : valid ? ('right' as const) : ('wrong' as const);
      const line = body.replace(/[\s;，。；]+$/u, '');
      const equation = isAlgebra(line) ? { equation: line } : {};
      return { words: words.trim(), body: toPlainMaths(line), ...equation, mark };
    })
    .filter(({ words, body }) => words !== '' || body !== '');
}
