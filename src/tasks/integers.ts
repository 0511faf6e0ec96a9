// Whole numbers as text, of any length: a model may write any number of digits.
import type { Problem, Verdict } from './task';
import { readTyped } from './typed';

/** A number without leading zeros and without sign, as part of a regular expression. */
export const DIGITS = '(?:0|[1-9]\\d*)';

const INTEGER = new RegExp(`^([+-]?)(${DIGITS})$`);

/** `+7` → `7`, `-0` → `0`; undefined if the text is no whole number: `007` is none. In linear time. */
export function canonicalInteger(text: string): string | undefined {
  const [, sign, digits = ''] = INTEGER.exec(text) ?? [];
  if (digits === '') return undefined;
  return sign === '-' && digits !== '0' ? `-${digits}` : digits;
}

/** Judges an answer to a problem whose answer is one whole number. */
export function verifyInteger({ answer: expected }: Problem, answer: string | undefined): Verdict {
  const found = answer?.trim();
  const correct = found !== undefined && canonicalInteger(readTyped(found) ?? '') === expected;
  return { correct, expected, found };
}
