// What makes a written step right. A calculation `a+b=c` is right by itself; a line of an equation when it follows from the
// question; a step of a countdown when its numbers are still there to be used.
import { readCountdown } from './countdownQuestion';
import { readTypedEquation, solve } from './equation';
import { type Expression, evaluateExpression, isSameRational, parseExpression, type Rational } from './expression';
import { says } from './words';

/**
 * Judges the steps of one thinking in their order; undefined for what cannot be checked.
 * @param line the step without its words. @param text the step with them.
 */
export type StepChecker = (line: string, text: string) => boolean | undefined;

/** The checker for thinking about a question; of an unknown one, or none, calculations are all that can be checked. */
export function checker(question: string | undefined): StepChecker {
  const asked = question?.trim() ?? '';
  const equation = readTypedEquation(asked);
  const solutions = equation && solve(equation);
  if (solutions) {
    // What solves the equation solves every line that follows from it. Where nothing does, lines are held to what its square has.
    const roots = solutions.roots.length > 0 ? solutions.roots : solutions.extraneous;
    return (line) => checkCalculation(line) ?? checkLine(line, roots);
  }
  const countdown = readCountdown(asked);
  return countdown ? countdownChecker(countdown.numbers) : (line) => checkCalculation(line) ?? checkLine(line, []);
}

const CALCULATION = /^(-?\d+)([+\-*/])(-?\d+)=(-?\d+)$/;
const GARBLED_CALCULATION = /^(?=[^=]*=)(?=\D*\d)[\d+\-*/=]+$/;

/** No calculation that anyone follows has longer numbers, and multiplying them would take its time. */
const MAX_CHARACTERS = 1000;
const MAX_SIDES = 4;

/** `a+b=c`, `a-b=c`, `a*b=c` and `a/b=c` over integers; a garbled one (`1+=4`) is not right. */
function checkCalculation(line: string): boolean | undefined {
  if (line.length > MAX_CHARACTERS) return undefined;
  const parts = CALCULATION.exec(line);
  if (!parts) return GARBLED_CALCULATION.test(line) ? false : undefined;
  const [, left = '', operator, right = '', result = ''] = parts;
  const [a, b, c] = [BigInt(left), BigInt(right), BigInt(result)];
  if (operator === '+') return a + b === c;
  if (operator === '-') return a - b === c;
  if (operator === '*') return a * b === c;
  return b !== 0n && a === b * c;
}

/** Whether all sides of an equation, `3x=22-1=21` too, are the same at each of the roots; one without x needs no roots. */
function checkLine(line: string, roots: readonly Rational[]): boolean | undefined {
  const sides = line.split('=', MAX_SIDES + 1).map((side) => parseExpression(side, 'algebra'));
  if (sides.length < 2 || sides.length > MAX_SIDES || sides.includes(undefined)) return undefined;
  const isSame = (x?: Rational) => {
    const [first, ...others] = sides.map((side) => evaluateExpression(side as Expression, x));
    return first !== undefined && others.every((value) => value !== undefined && isSameRational(first, value));
  };
  if (!line.includes('x')) return isSame();
  return roots.length === 0 ? undefined : roots.every(isSame);
}

/** Each step takes two of the numbers that are there and leaves its result; `back` puts everything back. */
function countdownChecker(numbers: readonly number[]): StepChecker {
  let left = numbers.map(String);
  return (line, text) => {
    if (says(text, 'back')) left = numbers.map(String);
    const isRight = checkCalculation(line);
    const [, a = '', , b = '', result = ''] = CALCULATION.exec(line) ?? [];
    if (!isRight) return isRight;
    const rest = without(without(left, a), b);
    if (rest === undefined) return false;
    left = [...rest, result];
    return true;
  };
}

function without(list: readonly string[] | undefined, item: string): string[] | undefined {
  const index = list?.indexOf(item) ?? -1;
  return list === undefined || index < 0 ? undefined : list.filter((_, i) => i !== index);
}
