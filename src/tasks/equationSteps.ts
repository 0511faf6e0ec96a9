// Steps of an equation with x on one side: to its square, where it has a root; to ax=d; to x. A line with x is right
// where all of its sides are the same at the root, and not everywhere, and its coefficients come from the question.
// After a slip in a written calculation of the question the root is that line's, so that what follows from it follows;
// after any other wrong line nothing does.
import { isSameNumbers, judgeAlone, readCalculation, readSides, readSum, totalOf } from './calculation';
import { type Equation, solve, writeEquation } from './equation';
import {
  isIdentity,
  isSameAt,
  isSameLine,
  type LinearForm,
  linearAt,
  readLinearForm,
  readRadicand,
} from './equationLines';
import { isSameRational, type Rational, rational } from './expression';
import type { Standing, StepMark } from './standing';
import { twoSidedStanding } from './twoSidedSteps';

/** How far the lines have come: x under a root, ax+b=c, ax=d, x=r. */
const [RADICAL, LINEAR, ISOLATED, SOLVED] = [0, 1, 2, 3];

interface Asked {
  readonly text: string;
  readonly root: Rational;
  /** ax+b=c, squared where there is a root. */
  readonly a: bigint;
  readonly b: bigint;
  readonly c: bigint;
  /** The stages that the lines of a solution come to. */
  readonly plan: readonly number[];
}

interface State {
  readonly stage: number;
  readonly root: Rational;
  /** a and d of the last ax=d. */
  readonly isolated: readonly [Rational, Rational] | undefined;
  /** Whether what was found was put under the root. */
  readonly isTried: boolean;
  /** What the last step came to is not yet written as a number that x, or its multiple, is: `3x=22-1`, `22-1=21`. */
  readonly isOpen: boolean;
}

/** A line that ends in a number. */
const RESULT = /x.*=-?\d+$/;

/** Undefined for an equation whose roots are no fractions. */
export function equationStanding(equation: Equation): Standing | undefined {
  const solutions = solve(equation);
  if (!solutions) return undefined;
  if (equation.isXRight) return twoSidedStanding(equation, solutions);
  const { isRadical, a, b } = equation;
  const c = isRadical ? equation.c ** 2 : equation.c;
  const root = [...solutions.roots, ...solutions.extraneous][0] ?? rational(0n);
  const first = b !== 0 ? LINEAR : a === 1 ? SOLVED : ISOLATED;
  const plan = [...new Set([first, ...(b !== 0 && a !== 1 ? [ISOLATED] : []), SOLVED])];
  const [whole, d] = [rational(BigInt(a)), rational(BigInt(c))];
  const asked = { text: writeEquation(equation), root, a: BigInt(a), b: BigInt(b), c: BigInt(c), plan };
  const stage = isRadical ? RADICAL : first;
  const isolated = b === 0 ? ([whole, d] as const) : undefined;
  return standingAt(asked, { stage, root, isolated, isTried: !isRadical, isOpen: false });
}

function standingAt(asked: Asked, state: State): Standing {
  const missing = missingAt(asked, state);
  const standing: Standing = {
    missing,
    follow(line) {
      const kind = line.includes('x') ? followLine : line.includes('\\sqrt') ? followTrial : followCalculation;
      const step = kind(asked, state, line);
      if (typeof step === 'string') return { mark: step, isIdle: step === 'right', next: standing };
      const { isRight, next } = step;
      const isNearer = isRight && missingAt(asked, next) < missing;
      const mark = isRight ? 'right' : 'wrong';
      const isWorkedOut = state.isOpen && RESULT.test(line);
      const isOpen = isNearer && !RESULT.test(line) && !line.includes('\\sqrt');
      return { mark, isIdle: isRight && !isNearer && !isWorkedOut, next: standingAt(asked, { ...next, isOpen }) };
    },
  };
  return standing;
}

function missingAt({ plan }: Asked, { stage, isTried }: State): number {
  return plan.filter((planned) => planned > stage).length + (isTried ? 0 : 1);
}

/** Either only a mark, or where it leads. */
type Step = StepMark | { readonly isRight: boolean; readonly next: State };

function followLine(asked: Asked, state: State, line: string): Step {
  const sides = readSides(line);
  if (!sides) return judgeAlone(line);
  if (line === asked.text) return 'repeated';
  if (isIdentity(line, sides)) return 'unrelated';
  const form = readLinearForm(sides);
  const reached = form && stageOf(asked, form);
  const held = [asked.root, state.root].find((root) => isSameAt(sides, root));
  if (held === undefined) return reached === undefined ? 'wrong' : followSlip(asked, state, line, reached);
  if (!form) return line.includes('\\sqrt') ? 'right' : 'unrelated';
  const { left, right } = form;
  if (reached === undefined) return isMultiple(left.slope, right.slope, asked.a) ? 'right' : 'unrelated';
  const isolated = left.offset.numerator === 0n ? ([left.slope, right.offset] as const) : state.isolated;
  return { isRight: true, next: { ...state, stage: Math.max(state.stage, reached), root: held, isolated } };
}

/**
 * How far a line has come whose coefficients are the question's, or that divided by the one of x; undefined for any
 * other line.
 */
function stageOf({ a, b }: Asked, { left, right }: LinearForm): number | undefined {
  const isLeft = (slope: Rational, offset: Rational) => isSameLine(left, slope, offset);
  const [zero, one] = [rational(0n), rational(1n)];
  if (right.slope.numerator !== 0n) return undefined;
  if (isLeft(one, zero)) return SOLVED;
  if (b !== 0n && isLeft(rational(a), rational(b))) return LINEAR;
  const isIsolated = isLeft(rational(a), zero) || isLeft(rational(-a), zero) || isLeft(one, rational(b, a));
  return isIsolated ? ISOLATED : undefined;
}

/** Whether x is there a times or once, as terms are moved from side to side. */
function isMultiple(left: Rational, right: Rational, a: bigint): boolean {
  const numerator = left.numerator * right.denominator - right.numerator * left.denominator;
  const slope = rational(numerator, left.denominator * right.denominator);
  return [a, -a, 1n, -1n].some((times) => isSameRational(slope, rational(times)));
}

/**
 * `3x=22-1=20`: the calculation is there, and only its result is wrong. Of a wrong square nothing is to be read, but it
 * was taken.
 */
function followSlip(asked: Asked, state: State, line: string, reached: number): Step {
  if (state.stage === RADICAL && reached === asked.plan[0])
    return { isRight: false, next: { ...state, stage: reached } };
  const step = followCalculation(asked, state, line.slice(line.indexOf('=') + 1));
  return typeof step === 'object' && !step.isRight && step.next.stage === reached ? step : 'wrong';
}

/** `22-1=21` for 3x+1=22, then `21/3=7`. */
function followCalculation({ a, b, c }: Asked, state: State, line: string): Step {
  const sum = readSum(line);
  if (sum && state.stage === LINEAR && isSameNumbers(sum.terms, [c, -b])) {
    const isolated = [rational(a), rational(sum.result)] as const;
    const stage = a === 1n ? SOLVED : ISOLATED;
    const next = { ...state, stage, root: rational(sum.result, a), isolated };
    return { isRight: totalOf(sum.terms) === sum.result, next };
  }
  const quotient = readCalculation(line);
  const operands = quotient && ([rational(quotient.right), rational(quotient.left)] as const);
  const isOfIsolated = state.isolated?.every((value, i) => operands?.[i] && isSameRational(value, operands[i]));
  if (quotient?.operator !== '/' || !isOfIsolated || state.stage === RADICAL) return judgeAlone(line);
  const { left, right, result } = quotient;
  return { isRight: left === right * result, next: { ...state, stage: SOLVED, root: rational(result) } };
}

/** `\sqrt{25}=5`: what was found, put under the root. */
function followTrial({ a, b, c }: Asked, state: State, line: string): Step {
  const radicand = readRadicand(line);
  const expected = [rational(c), linearAt({ slope: rational(a), offset: rational(b) }, state.root)];
  if (!radicand || !expected.some((value) => isSameRational(value, radicand))) return judgeAlone(line);
  const next = { ...state, isTried: state.isTried || state.stage === SOLVED };
  return { isRight: judgeAlone(line) !== 'wrong', next };
}
