// The rules by which a reader's own problems are judged: what of an answer may differ from the right one.
import { evaluateExpression, isSameRational, parseExpression, type Rational, rational } from '../expression';
import { plainCharacters, readTyped } from '../typed';

/**
 * `exact`: the same text, but for white space and for other spellings of digits and signs. `number`: the same number, as
 * `0.5`, `.50` and `1/2` are. `expression`: the same value for every x, as `2x+2` and `2*(x+1)` are.
 */
export const RULES = ['exact', 'number', 'expression'] as const;
export type Rule = (typeof RULES)[number];

/** Longer numbers are none. */
const MAX_DIGITS = 40;
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:\/([+-]?\d+))?$/;

/** The number that a text is: whole, decimal or a fraction; undefined where it is none. */
export function readNumber(text: string): Rational | undefined {
  const plain = readTyped(text) ?? '';
  const [, sign, whole = '', decimals = '', divisor] = (plain.length <= MAX_DIGITS && NUMBER.exec(plain)) || [];
  if (whole === '' && decimals === '') return undefined;
  const denominator = 10n ** BigInt(decimals.length) * BigInt(divisor ?? 1);
  if (denominator === 0n) return undefined;
  return rational(BigInt(`${whole}${decimals}`) * (sign === '-' ? -1n : 1n), denominator);
}

const readExpression = (text: string) => parseExpression(readTyped(text) ?? '', 'algebra');

/** Whether two expressions are the same is told by their values here: whole numbers, fractions, either sign, near and far. */
const POINTS = [0, 1, -1, 2, -3, 4, 9, 16, 25, 97, -113, 1009].flatMap((x) => [
  rational(BigInt(x)),
  rational(BigInt(x), 7n),
]);

function isSameExpression(a: string, b: string): boolean {
  const [left, right] = [readExpression(a), readExpression(b)];
  if (!left || !right) return false;
  const values = POINTS.map((x) => [evaluateExpression(left, x), evaluateExpression(right, x)] as const);
  const isSame = values.every(([one, other]) => (one && other ? isSameRational(one, other) : one === other));
  return isSame && values.some(([one]) => one !== undefined);
}

const tidy = (text: string) => plainCharacters(text.normalize('NFC')).trim().replace(/\s+/g, ' ');

/** Whether an answer can be judged by a rule: a right answer must be. */
export function fitsRule(answer: string, rule: Rule): boolean {
  if (rule === 'number') return readNumber(answer) !== undefined;
  return rule === 'exact' || isSameExpression(answer, answer);
}

/** The rule of an answer that names none. */
export const usualRule = (answer: string): Rule => (readNumber(answer) ? 'number' : 'exact');

/** Whether an answer is right by a rule. */
export function isRight(answer: string, expected: string, rule: Rule): boolean {
  if (tidy(answer) === tidy(expected)) return true;
  if (rule === 'exact') return false;
  if (rule === 'expression') return isSameExpression(answer, expected);
  const [one, other] = [readNumber(answer), readNumber(expected)];
  return one !== undefined && other !== undefined && isSameRational(one, other);
}

/** A question as it is told from others. */
export const questionKey = tidy;
