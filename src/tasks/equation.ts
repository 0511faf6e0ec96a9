// Equations in one unknown, `ax+b=c`, `\sqrt{ax+b}=c` and `\sqrt{ax+b}=x+c`: read, written and solved exactly.
import { isSameRational, type Rational, rational } from './expression';
import { readTyped } from './typed';

/** left = x·slope + offset, under a root or not, equals right = x + offset or a number. */
export interface Equation {
  readonly isRadical: boolean;
  /** a and b of ax+b; a is not 0. */
  readonly a: number;
  readonly b: number;
  /** Whether x stands on the right too; only beside a root. */
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
  if (a === 0 || (isXRight && !isRadical)) return undefined;
  return { isRadical, a, b: Number(radicalB ?? plainB ?? 0), isXRight, c: Number(number ?? shift ?? 0) };
}

/** The same as a person types it: `√(2x+6) = x - 1`, `sqrt{x+6}=x`. */
export function readTypedEquation(text: string): Equation | undefined {
  const root = /(?:√|(?<!\\)sqrt|\\sqrt)(?:\(([^(){}]*)\)|\{([^(){}]*)\})/g;
  return readEquation(readTyped(text)?.replace(root, '\\sqrt{$1$2}') ?? '');
}

/** `2x+3`, `x-1`, `x`. */
export function writeLinear(a: number, b: number): string {
  return `${a === 1 ? '' : a === -1 ? '-' : a}x${writeTerm(b)}`;
}

/** A number as it follows something: `+3`, `-3`, nothing for 0. */
export function writeTerm(number: number | bigint): string {
  return Number(number) === 0 ? '' : number > 0 ? `+${number}` : `${number}`;
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
  // ax+b = (x+c)². With u = x+c that is u² - au = b-ac, whose discriminant is a² + 4(b-ac).
  const width = Math.sqrt(a * a + 4 * (b - a * c));
  if (!Number.isInteger(width)) return undefined;
  const candidates = [...new Set([-width, width])].map((sign) => (a + sign) / 2 - c);
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
