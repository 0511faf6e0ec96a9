// The words that tasks think with, in both languages. Each carries the language of the thinking, parts two steps, and is
// one token, spaces included.
import type { Rng } from '../lib/rng';
import type { Language, ThinkingStyle } from './task';

const WORDS = {
  /** On to the next step. */
  next: { en: ' then ', zh: '然后' },
  /** A slip was noticed; the step is written again. */
  wait: { en: ' wait ', zh: '等等' },
  /** A candidate is put to the test. */
  try: { en: ' try ', zh: '试试' },
  /** It failed the test. */
  no: { en: ' no ', zh: '不对' },
  /** A dead end: begin again. */
  back: { en: ' back ', zh: '回去' },
} as const satisfies Record<string, Record<Language, string>>;

type WordName = keyof typeof WORDS;

/** The words of these names in every language, for a vocabulary. */
export function wordsOf(...names: readonly WordName[]): string[] {
  return names.flatMap((name) => Object.values(WORDS[name]));
}

/** Says words in the style's language, each in one at random where it is mixed. */
export function speaker({ language }: ThinkingStyle, rng: Rng): (name: WordName) => string {
  return (name) => WORDS[name][language === 'mixed' ? rng.pick<Language>(['en', 'zh']) : language];
}

/** Whether a text contains the word, in any language. */
export function says(text: string, name: WordName): boolean {
  return Object.values(WORDS[name]).some((word) => text.includes(word.trim()));
}
