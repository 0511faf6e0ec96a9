// Steps of √(ax+b)=x+c: its square; with u for x+c, u²=au+(b-ac), which is a matter of small numbers; then for each u that solves
// it, x, and what the root comes to there.
import { isSameNumbers, judgeAlone, readCalculation, readSides, readSum, totalOf } from './calculation';
import { type Equation, type Solutions, writeEquation, writeLinear, writeTerm } from './equation';
import { isIdentity, isSameAt, linearAt, readLinearForm, readRadicand } from './equationLines';
import { isSameRational, type Rational, rational } from './expression';
import type { Standing, StepMark } from './standing';

type Goal = 'square' | 'product' | 'sum' | 'inSide' | `side ${bigint}` | `root ${bigint}`;

interface Asked {
  readonly equation: Equation;
  readonly a: bigint;
  readonly b: bigint;
  readonly c: bigint;
  /** `(x-1)`, or `x`. */
  readonly side: string;
  readonly solutions: Solutions;
  /** x+c of each of them, and of what the square let in. */
  readonly sides: readonly bigint[];
  readonly goals: readonly Goal[];
}

interface State {
  readonly open: readonly Goal[];
  /** a·|c| as it was written. */
  readonly product: bigint;
  /** b-ac as it was written. */
  readonly rest: bigint;
  /** The u that is being tried, and its x as it was written. */
  readonly tried: { readonly side: bigint; readonly x: bigint } | undefined;
}

const sizeOf = (number: bigint) => (number < 0n ? -number : number);

export function twoSidedStanding(equation: Equation, solutions: Solutions): Standing {
  const [a, b, c] = [BigInt(equation.a), BigInt(equation.b), BigInt(equation.c)];
  const sides = [...solutions.roots, ...solutions.extraneous].map(({ numerator }) => numerator + c);
  const goals: Goal[] = [
    ...(c !== 0n ? (['square'] as const) : []),
    ...(c !== 0n && a !== 1n ? (['product'] as const) : []),
    ...(c !== 0n && b !== 0n ? (['sum'] as const) : []),
    'inSide',
    ...sides.flatMap((side): Goal[] => [`side ${side}`, `root ${side}`]),
  ];
  const side = c === 0n ? 'x' : `(${writeLinear(1, equation.c)})`;
  const asked = { equation, a, b, c, side, solutions, sides, goals };
  return standingAt(asked, { open: goals, product: a * sizeOf(c), rest: b - a * c, tried: undefined });
}

/** Either only a mark, or the goal that is met, whether rightly, and where that leads. */
type Step = StepMark | { readonly goal: Goal; readonly isRight: boolean; readonly changes?: Partial<State> };

function standingAt(asked: Asked, state: State): Standing {
  const standing: Standing = {
    missing: state.open.length,
    follow(line) {
      const step = line.includes('x') ? followLine(asked, state, line) : followNumbers(asked, state, line);
      if (typeof step === 'string') return { mark: step, isIdle: step === 'right', next: standing };
      const { goal, isRight, changes } = step;
      const isNearer = isRight && state.open.includes(goal);
      const open = state.open.filter((other) => other !== goal);
      const next = { ...state, ...changes, open };
      const mark = isRight ? 'right' : 'wrong';
      return { mark, isIdle: isRight && !isNearer, next: standingAt(asked, next) };
    },
  };
  return standing;
}

function followLine({ equation, a, side, solutions }: Asked, { rest }: State, line: string): Step {
  const linear = writeLinear(equation.a, equation.b);
  const squared = `${side}^2`;
  if (side !== 'x' && [`${linear}=${squared}`, `${squared}=${linear}`].includes(line)) {
    return { goal: 'square', isRight: true };
  }
  const inSide = `${squared}=${writeLinear(Number(a), 0).replace('x', side)}`;
  if (line === `${inSide}${writeTerm(rest)}`) return { goal: 'inSide', isRight: true };
  const sides = readSides(line);
  if (!sides) return judgeAlone(line);
  if (line === writeEquation(equation)) return 'repeated';
  if (isIdentity(line, sides)) return 'unrelated';
  const { roots, extraneous } = solutions;
  const isSameAtAll = [...roots, ...extraneous].every((x) => isSameAt(sides, x));
  const isRoot = readLinearForm(sides) !== undefined && roots.length > 0 && roots.every((x) => isSameAt(sides, x));
  if (isSameAtAll || isRoot) return 'right';
  return /^[+-]\d+$/.test(line.replace(inSide, '')) ? { goal: 'inSide', isRight: false } : 'wrong';
}

function followNumbers(asked: Asked, state: State, line: string): Step {
  const { a, b, c } = asked;
  if (line.includes('\\sqrt')) return followRoot(asked, state, line);
  if (c === 0n) return followSide(state, /^-?\d+$/.test(line) ? BigInt(line) : undefined, line);
  const product = readCalculation(line);
  if (product?.operator === '*') {
    const isOfQuestion = isSameNumbers([product.left, product.right], [a, sizeOf(c)]);
    if (!isOfQuestion) return judgeAlone(line);
    const { result } = product;
    const rest = b + (c > 0n ? -result : result);
    return { goal: 'product', isRight: result === a * sizeOf(c), changes: { product: result, rest } };
  }
  const sum = readSum(line);
  if (!sum) return judgeAlone(line);
  const isRight = totalOf(sum.terms) === sum.result;
  const moved = c > 0n ? -state.product : state.product;
  const isOpen = state.open.includes('sum');
  if (isOpen && isSameNumbers(sum.terms, [b, moved])) {
    return { goal: 'sum', isRight, changes: { rest: sum.result } };
  }
  const place = sum.terms.indexOf(-c);
  const side = place < 0 ? undefined : sum.terms[1 - place];
  return sum.terms.length === 2 && side !== undefined ? followSide(state, side, line, sum.result) : judgeAlone(line);
}

/** `5+1=6` for u=5 where c is -1: `x` of a u that solves u²=au+rest; of a c that is 0, only `5`. */
function followSide(state: State, side: bigint | undefined, line: string, x = side): Step {
  const goal = state.open.find((open): open is `side ${bigint}` => open === `side ${side}`);
  if (goal === undefined || side === undefined || x === undefined) return judgeAlone(line);
  return { goal, isRight: judgeAlone(line) !== 'wrong', changes: { tried: { side, x } } };
}

/** `\sqrt{10+6}=4`, of what is being tried. */
function followRoot({ a, b }: Asked, { tried }: State, line: string): Step {
  const radicand: Rational | undefined = readRadicand(line);
  const expected = tried && linearAt({ slope: rational(a), offset: rational(b) }, rational(tried.x));
  if (!radicand || !expected || !isSameRational(radicand, expected)) return judgeAlone(line);
  return { goal: `root ${tried.side}`, isRight: judgeAlone(line) !== 'wrong' };
}
