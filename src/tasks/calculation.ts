// Written calculations: read, and judged by themselves.
import { type Expression, evaluateExpression, isSameRational, parseExpression } from './expression';
import { DIGITS } from './integers';
import { exactly, type StepMark, type Value, without } from './standing';

/** `left operator right = result`, over integers. */
export interface Calculation {
  readonly left: bigint;
  readonly operator: '+' | '-' | '*' | '/';
  readonly right: bigint;
  readonly result: bigint;
}

/** A sum's terms with their signs, and what is said to be their sum: `9-8+3=4` → 9, -8, 3 and 4. */
export interface Sum {
  readonly terms: readonly bigint[];
  readonly result: bigint;
}

const CALCULATION = new RegExp(`^(-?${DIGITS})([+\\-*/])(-?${DIGITS})=(-?${DIGITS})$`);
const SUM = new RegExp(`^(-?${DIGITS}(?:[+-]-?${DIGITS})+)=(-?${DIGITS})$`);
const TERM = /[+-]?-?\d+/g;
const GARBLED = /^(?=[^=]*=)(?=\D*\d)[\d+\-*/=]+$/;
const MAX_SIDES = 4;

export function readCalculation(line: string): Calculation | undefined {
  const [, left, operator, right, result] = CALCULATION.exec(line) ?? [];
  if (left === undefined || right === undefined || result === undefined) return undefined;
  return {
    left: BigInt(left),
    operator: operator as Calculation['operator'],
    right: BigInt(right),
    result: BigInt(result),
  };
}

/** What a calculation comes to; undefined where that is no whole number. */
export function resultOf({ left, operator, right }: Calculation): bigint | undefined {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  if (operator === '*') return left * right;
  return right !== 0n && left % right === 0n ? left / right : undefined;
}

export function isTrue(calculation: Calculation): boolean {
  return resultOf(calculation) === calculation.result;
}

/** Its result to go on with: of a slip, also what it should have been. */
export function valueOfResult(calculation: Calculation): Value {
  return { written: calculation.result, right: resultOf(calculation) ?? calculation.result };
}

/** Whether the numbers are these, in any order. */
export function isSameNumbers(numbers: readonly bigint[], others: readonly bigint[]): boolean {
  return numbers.length === others.length && without(others.map(exactly), numbers) !== undefined;
}

export function readSum(line: string): Sum | undefined {
  const [, terms = '', result] = SUM.exec(line) ?? [];
  if (result === undefined) return undefined;
  const signed = terms.match(TERM) ?? [];
  return { terms: signed.map((term) => BigInt(term.replace('--', '').replace('+', ''))), result: BigInt(result) };
}

export const totalOf = (numbers: readonly bigint[]): bigint => numbers.reduce((sum, number) => sum + number, 0n);

/** The sides of `a=b=c`; undefined where one of them is no algebra, or there are too few or too many. */
export function readSides(line: string): Expression[] | undefined {
  const sides = line.split('=', MAX_SIDES + 1).map((side) => parseExpression(side, 'algebra'));
  const isWhole = sides.length >= 2 && sides.length <= MAX_SIDES && !sides.includes(undefined);
  return isWhole ? (sides as Expression[]) : undefined;
}

/** What is said of a line by itself: true arithmetic follows from nothing yet. */
export function judgeAlone(line: string): Exclude<StepMark, 'right' | 'repeated'> {
  const calculation = readCalculation(line);
  if (calculation) return isTrue(calculation) ? 'unrelated' : 'wrong';
  const sides = line.includes('x') ? undefined : readSides(line);
  if (!sides) return GARBLED.test(line) ? 'wrong' : 'unread';
  const [first, ...others] = sides.map((side) => evaluateExpression(side));
  const isSame = first !== undefined && others.every((value) => value !== undefined && isSameRational(first, value));
  return isSame ? 'unrelated' : 'wrong';
}
