// Takes thinking apart into its steps, checks each written calculation, and counts the words of each language.
import type { Language } from './task';

/** One step of the thinking. The texts of all steps, joined, are the thinking itself. */
export interface Step {
  /** The words that lead into the step, and the step: ` then 1+3=4`. */
  readonly text: string;
  /** Which languages its words are in; both if they are mixed, none if it has no words. */
  readonly languages: readonly Language[];
  /** Whether the calculation `a+b=c` is right; undefined if the step is no calculation. */
  readonly valid: boolean | undefined;
}

/** Number of words in each language. */
export interface WordCount {
  readonly en: number;
  readonly zh: number;
}

// A single letter is a variable and a name after a backslash a TeX command: neither is a word. Chinese is written
// without spaces and most of its words have two characters.
const ENGLISH_WORD = '(?<![\\\\A-Za-z])[A-Za-z]{2,}';
const CHINESE_WORD = '\\p{Script=Han}{1,2}';
const PUNCTUATION = '\\s.,:;，。：；';

const WORDS = {
  en: new RegExp(ENGLISH_WORD, 'g'),
  zh: new RegExp(CHINESE_WORD, 'gu'),
};
// Each looks for a run of spaces from where the run begins and nowhere else: otherwise a long one takes time by its square.
const STEP_START = new RegExp(
  `(?<![^\\S\\n])[^\\S\\n]*(?:(?:${ENGLISH_WORD}|${CHINESE_WORD})[${PUNCTUATION}]*)+|(?<=[;\\n])`,
  'gu',
);
const LEADING_WORDS = new RegExp(`^(?:${ENGLISH_WORD}|${CHINESE_WORD}|[${PUNCTUATION}])+`, 'u');
const TRAILING_PUNCTUATION = new RegExp(`(?<![${PUNCTUATION}])[${PUNCTUATION}]+$`, 'u');
const CALCULATION = /^(-?\d+)([+\-*/])(-?\d+)=(-?\d+)$/;
const GARBLED_CALCULATION = /^(?=.*\d)(?=.*=)[\d+\-*/=]+$/;

function countWords(text: string): WordCount {
  return { en: text.match(WORDS.en)?.length ?? 0, zh: text.match(WORDS.zh)?.length ?? 0 };
}

// Integers of any length, since a model may write any number of digits.
function checkCalculation(text: string): boolean | undefined {
  const parts = CALCULATION.exec(text);
  if (!parts) return GARBLED_CALCULATION.test(text) ? false : undefined;
  const [, left = '', operator, right = '', result = ''] = parts;
  const [a, b, c] = [BigInt(left), BigInt(right), BigInt(result)];
  if (operator === '+') return a + b === c;
  if (operator === '-') return a - b === c;
  if (operator === '*') return a * b === c;
  return b !== 0n && a === b * c;
}

function toStep(text: string): Step {
  const words = countWords(text);
  const calculation = text
    .replace(LEADING_WORDS, '')
    .replace(TRAILING_PUNCTUATION, '')
    .replace(/(?<=[+\-*/=])\s+|(?<!\s)\s+(?=[+\-*/=])/g, '');
  return {
    text,
    languages: (['en', 'zh'] as const).filter((language) => words[language] > 0),
    valid: checkCalculation(calculation),
  };
}

/**
 * The steps of a thinking text; a step begins at its words, on a new line or after a semicolon. Calculations are
 * `a+b=c`, `a-b=c`, `a*b=c` and `a/b=c` over integers; a garbled one (`1+=4`) is not valid. Of a text that still grows
 * (`isFinished` false) the last step is not judged.
 */
export function splitSteps(thinking: string, isFinished = true): Step[] {
  const starts = Array.from(thinking.matchAll(STEP_START), (match) => match.index).filter((start) => start > 0);
  const cuts = [0, ...starts, thinking.length];
  const steps = cuts
    .slice(0, -1)
    .map((start, index) => thinking.slice(start, cuts[index + 1]))
    .filter((text) => text !== '')
    .map(toStep);
  const last = steps.at(-1);
  return isFinished || !last ? steps : [...steps.slice(0, -1), { ...last, valid: undefined }];
}

/** The share of each language among the words of the thinking; both 0 when it has no words. */
export function languageShare(thinking: string): WordCount {
  const { en, zh } = countWords(thinking);
  const all = en + zh || 1;
  return { en: en / all, zh: zh / all };
}
