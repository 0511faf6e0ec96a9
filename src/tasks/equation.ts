// Equations in one unknown, `ax+b=c`, `\sqrt{ax+b}=c` and `\sqrt{x+b}=x+c`: read, written and solved exactly.
import { isSameRational, type Rational, rational } from './expression';

/** left = x·slope + offset, under a root or not, equals right = x + offset or a number. */
export interface Equation {
  readonly isRadical: boolean;
  /** a and b of ax+b; a is not 0. */
  readonly a: number;
  readonly b: number;
  /** Whether x stands on the right too; then a is 1. */
  readonly isXRight: boolean;
  readonly c: number;
}

export interface Solutions {
  /** What solves the equation, the smallest first. */
  readonly roots: readonly Rational[];
  /** What solves it once squared and does not solve it. */
  readonly extraneous: readonly Rational[];
}

const LINEAR = String.raw`(-?\d{0,4})x([+-]\d{1,4})?`;
const EQUATION = new RegExp(String.raw`^(?:${LINEAR}|\\sqrt\{${LINEAR}\})=(?:(-?\d{1,4})|x([+-]\d{1,4})?)$`);

/** The equation of a text; undefined if it is of another form. */
export function readEquation(text: string): Equation | undefined {
  const match = EQUATION.exec(text);
  if (match === null) return undefined;
  const [, plainA, plainB, radicalA, radicalB, number, shift] = match;
  const isRadical = radicalA !== undefined;
  const slope = radicalA ?? plainA ?? '';
  const a = slope === '' || slope === '-' ? Number(`${slope}1`) : Number(slope);
  const isXRight = number === undefined;
  if (a === 0 || (isXRight && (!isRadical || a !== 1))) return undefined;
  return { isRadical, a, b: Number(radicalB ?? plainB ?? 0), isXRight, c: Number(number ?? shift ?? 0) };
}

/** `2x+3`, `x-1`, `x`. */
export function writeLinear(a: number, b: number): string {
  return `${a === 1 ? '' : a === -1 ? '-' : a}x${writeTerm(b)}`;
}

/** A number as it follows something: `+3`, `-3`, nothing for 0. */
export function writeTerm(number: number): string {
  return number === 0 ? '' : number > 0 ? `+${number}` : `${number}`;
}

export function writeEquation({ isRadical, a, b, isXRight, c }: Equation): string {
  const left = writeLinear(a, b);
  return `${isRadical ? `\\sqrt{${left}}` : left}=${isXRight ? writeLinear(1, c) : c}`;
}

/** Every solution; undefined where one is irrational. */
export function solve({ isRadical, a, b, isXRight, c }: Equation): Solutions | undefined {
  if (!isXRight) {
    const root = rational(BigInt((isRadical ? c * c : c) - b), BigInt(a));
    return isRadical && c < 0 ? { roots: [], extraneous: [root] } : { roots: [root], extraneous: [] };
  }
  // x+b = (x+c)², that is x² + (2c-1)x + c²-b = 0, whose discriminant is 1-4c+4b.
  const width = Math.sqrt(1 - 4 * c + 4 * b);
  if (!Number.isInteger(width)) return undefined;
  const candidates = [-width, width].map((sign) => (1 - 2 * c + sign) / 2);
  const isRoot = (x: number) => x + c >= 0;
  const toRational = (x: number) => rational(BigInt(x));
  return {
    roots: candidates.filter(isRoot).map(toRational),
    extraneous: candidates.filter((x) => !isRoot(x)).map(toRational),
  };
}

export function isSameSet(found: readonly Rational[], expected: readonly Rational[]): boolean {
  return found.length === expected.length && expected.every((root) => found.some((one) => isSameRational(one, root)));
}
