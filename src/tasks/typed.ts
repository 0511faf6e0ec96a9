// What people type, in the characters that models are trained on.

/** Longer texts are no question of any task. */
const MAX_CHARACTERS = 500;

const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/[\u2010-\u2015\u2212]/g, '-'],
  [/[×·⋅]/g, '*'],
  [/[÷⁄]/g, '/'],
];

/**
 * The text in ASCII where there is such a spelling (NFKC turns full-width digits and signs into it, but not dashes and
 * signs of operation), without white space; undefined if that would join two numbers, or if it is too long to be a question.
 */
export function readTyped(text: string): string | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const plain = SPELLINGS.reduce((result, [from, to]) => result.replace(from, to), text.normalize('NFKC'));
  return /\d\s+\d/.test(plain) ? undefined : plain.replace(/\s+/g, '');
}
