// One reading of what is typed or written, for the questions and the answers of every task: in the characters that models are
// trained on, with spaces around signs but never within a number.

/** Longer texts are no question and no answer of any task. */
export const MAX_CHARACTERS = 500;

// Compatibility forms of Unicode (NFKC) would be too many: they make `52` of `5²` and `11/2` of `1½`.
const SPELLINGS: readonly (readonly [RegExp, string | ((character: string) => string)])[] = [
  // Full-width forms, as Chinese keyboards write them: `８`, `－`, `＝`, `（`.
  [/[\uff01-\uff5e]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0)],
  [/\u3000/g, ' '],
  // Hyphens, dashes and the minus sign.
  [/[\u2010-\u2015\u2212\ufe63]/g, '-'],
  [/[×·⋅∙∗]/g, '*'],
  [/[÷⁄∕]/g, '/'],
];

/** The text with ASCII for other spellings of its digits and signs; one character for one, so that every place stays. */
export function plainCharacters(text: string): string {
  return SPELLINGS.reduce((plain, [from, to]) => plain.replace(from, to as string), text);
}

/**
 * The text in plain characters without white space; undefined if that would join two numbers (`1 4` is not 14), or if the text
 * is too long.
 */
export function readTyped(text: string): string | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const plain = plainCharacters(text);
  return /\d\s+\d/.test(plain) ? undefined : plain.replace(/\s+/g, '');
}
