// Takes thinking apart into its steps, has each of them judged, and counts the words of each language. In linear time,
// whatever the text.
import { judgeSteps, unknownStanding, type WrittenStep } from './judgeSteps';
import { findStanding } from './registry';
import type { StepMark } from './standing';
import type { Language } from './task';
import { readTyped } from './typed';

/** One step of the thinking. The texts of all steps, joined, are the thinking itself. */
export interface Step {
  /** The words that lead into the step, and the step: ` then 1+3=4`. */
  readonly text: string;
  /** Which languages its words are in; both if they are mixed, none if it has no words. */
  readonly languages: readonly Language[];
  /** What is said of it; undefined if it has only words, or is not finished. */
  readonly mark: StepMark | undefined;
}

/** A piece of text whose words are all of one language; undefined where it has none. */
export interface LanguageRun {
  readonly text: string;
  readonly language: Language | undefined;
}

/** Number of words in each language. */
export interface WordCount {
  readonly en: number;
  readonly zh: number;
}

export interface SplitOptions {
  /** What the thinking is about: without it, or where no task reads it, no step is known to follow. */
  readonly question?: string;
  /** False for a text that still grows: its last step is not judged. */
  readonly isFinished?: boolean;
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
const ANY_WORD = new RegExp(`(?<en>${ENGLISH_WORD})|(?<zh>${CHINESE_WORD})`, 'gu');
const STEP_START = new RegExp(`(?:(?:${ENGLISH_WORD}|${CHINESE_WORD})[${PUNCTUATION}]*)+|(?<=[;\\n])`, 'gu');
const LEADING_WORDS = new RegExp(`^(?:${ENGLISH_WORD}|${CHINESE_WORD}|[${PUNCTUATION}])+`, 'u');
const PUNCTUATION_MARK = new RegExp(`[${PUNCTUATION}]`, 'u');

function countWords(text: string): WordCount {
  return { en: text.match(WORDS.en)?.length ?? 0, zh: text.match(WORDS.zh)?.length ?? 0 };
}

/** Where steps begin. Spaces before a word belong to its step; looking for them from the word back, none is read twice. */
function stepStarts(thinking: string): number[] {
  const starts = new Set<number>();
  let end = 0;
  for (const { index, 0: words } of thinking.matchAll(STEP_START)) {
    let start = index;
    while (words !== '' && start > end && /[^\S\n]/.test(thinking.charAt(start - 1))) start--;
    if (start > 0) starts.add(start);
    end = index + words.length;
  }
  return [...starts].sort((a, b) => a - b);
}

/** The step without its words and the punctuation after it, read as what is typed is read. */
function bare(text: string): string {
  const rest = text.replace(LEADING_WORDS, '');
  let end = rest.length;
  while (end > 0 && PUNCTUATION_MARK.test(rest.charAt(end - 1))) end--;
  const line = rest.slice(0, end);
  return readTyped(line) ?? line;
}

/** The steps of a thinking text: a step begins at its words, on a new line or after a semicolon. Joined, they are the text. */
export function readSteps(thinking: string): WrittenStep[] {
  const cuts = [0, ...stepStarts(thinking), thinking.length];
  return cuts
    .slice(0, -1)
    .map((start, index) => thinking.slice(start, cuts[index + 1]))
    .filter((text) => text !== '')
    .map((text) => ({ text, line: bare(text) }));
}

/** The steps of a thinking text, judged. What makes a step right, says the task of the question. */
export function splitSteps(thinking: string, { question = '', isFinished = true }: SplitOptions = {}): Step[] {
  const written = readSteps(thinking);
  const { marks } = judgeSteps(written, findStanding(question) ?? unknownStanding(question));
  return written.map(({ text }, index) => {
    const words = countWords(text);
    return {
      text,
      languages: (['en', 'zh'] as const).filter((language) => words[language] > 0),
      mark: isFinished || index < written.length - 1 ? marks[index] : undefined,
    };
  });
}

/** The text in runs of one language each, with what lies between words in runs of none. Joined, they are the text. */
export function languageRuns(text: string): LanguageRun[] {
  const runs: LanguageRun[] = [];
  const add = (piece: string, language: Language | undefined) => {
    const last = runs.at(-1);
    if (piece === '') return;
    if (last && last.language === language) runs[runs.length - 1] = { text: last.text + piece, language };
    else runs.push({ text: piece, language });
  };
  let end = 0;
  for (const { index, 0: word, groups } of text.matchAll(ANY_WORD)) {
    add(text.slice(end, index), undefined);
    add(word, groups?.en === undefined ? 'zh' : 'en');
    end = index + word.length;
  }
  add(text.slice(end), undefined);
  return runs;
}

/** The share of each language among the words of the thinking; both 0 when it has no words. */
export function languageShare(thinking: string): WordCount {
  const { en, zh } = countWords(thinking);
  const all = en + zh || 1;
  return { en: en / all, zh: zh / all };
}
