// What a written line of an equation says: its sides, where they are the same, and its root.
import { readSides } from './calculation';
import { type Expression, evaluateExpression, isSameRational, type Rational, rational } from './expression';

/** slope·x + offset. */
interface Line {
  readonly slope: Rational;
  readonly offset: Rational;
}

/** The first and the last side of a line; where x stands in the last one only, the other way round. */
export interface LinearForm {
  readonly left: Line;
  readonly right: Line;
  /** Where they are the same. */
  readonly root: Rational;
}

/** No equation of these tasks has its root there. */
const ANYWHERE = [rational(10_007n, 7n), rational(-10_009n, 11n)];

export function isSameAt(sides: readonly Expression[], x?: Rational): boolean {
  const [first, ...others] = sides.map((side) => evaluateExpression(side, x));
  return first !== undefined && others.every((value) => value !== undefined && isSameRational(first, value));
}

export function isSameLine({ slope, offset }: Line, a: Rational, b: Rational): boolean {
  return isSameRational(slope, a) && isSameRational(offset, b);
}

/** Whether a line says nothing of x: it holds everywhere, or two of its sides are written alike. */
export function isIdentity(line: string, sides: readonly Expression[]): boolean {
  return new Set(line.split('=')).size < sides.length || ANYWHERE.every((x) => isSameAt(sides, x));
}

/** The linear equation of a line's first and last side; undefined where it is none with one root. */
export function readLinearForm(sides: readonly Expression[]): LinearForm | undefined {
  const [first, last] = [sides[0], sides.at(-1)].map((side) => side && readLine(side));
  if (!first || !last) return undefined;
  const [left, right] = first.slope.numerator === 0n ? [last, first] : [first, last];
  const slope = minus(left.slope, right.slope);
  if (slope.numerator === 0n) return undefined;
  const { numerator, denominator } = minus(right.offset, left.offset);
  return { left, right, root: rational(numerator * slope.denominator, denominator * slope.numerator) };
}

/** What stands under the root of `\sqrt{10+6}=4`. */
export function readRadicand(line: string): Rational | undefined {
  const [left] = readSides(line) ?? [];
  return left?.kind === 'sqrt' ? evaluateExpression(left.of) : undefined;
}

function readLine(side: Expression): Line | undefined {
  const at = (x: bigint) => evaluateExpression(side, rational(x));
  const [offset, one] = [at(0n), at(1n)];
  if (!offset || !one) return undefined;
  const slope = minus(one, offset);
  const isLinear = [2n, 3n, 7n].every((x) => {
    const value = at(x);
    return value !== undefined && isSameRational(value, linearAt({ slope, offset }, rational(x)));
  });
  return isLinear ? { slope, offset } : undefined;
}

export function linearAt({ slope, offset }: Line, x: Rational): Rational {
  const product = rational(slope.numerator * x.numerator, slope.denominator * x.denominator);
  return minus(product, rational(-offset.numerator, offset.denominator));
}

function minus(a: Rational, b: Rational): Rational {
  return rational(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator);
}
