// The task equations: linear and radical equations in one unknown, in TeX, worked line by line. What a square lets in is
// found by trying: `\sqrt{2x+6}=x-1` → `2x+6=(x-1)^2 then 2*1=2 then 6+2=8 then (x-1)^2=2(x-1)+8 try 4+1=5 then
// \sqrt{10+6}=4 try -2+1=-1 then \sqrt{-2+6}=2 no`. A line has one calculation, written as in a sum or a product, and its
// result, `3x=22-1=21`: what is learned of `22-1=21` in one place then serves in every other.
import type { Rng } from '../../lib/rng';
import { completeDifficulty } from '../difficulty';
import {
  type Equation,
  isSameSet,
  readEquation,
  readTypedEquation,
  solve,
  writeEquation,
  writeLinear,
  writeTerm,
} from '../equation';
import { equationStanding } from '../equationSteps';
import { type Rational, rational, writeRational } from '../expression';
import { DIGITS } from '../integers';
import type { Difficulty, Problem, Task, ThinkingStyle, Verdict } from '../task';
import { readTyped } from '../typed';
import { speaker, wordsOf } from '../words';

const NAME = 'equations';

/** The answer to an equation without solution. */
const NO_SOLUTION = '\\varnothing';

const DIALS = [
  { name: 'max_coefficient', min: 1, max: 9, default: 3, label: { en: 'Largest factor of x', zh: 'x 的最大系数' } },
  { name: 'max_number', min: 2, max: 20, default: 6, label: { en: 'Largest number', zh: '最大的数' } },
  /** Equations with a root among a hundred. */
  {
    name: 'radicals',
    min: 0,
    max: 100,
    default: 50,
    label: { en: 'Equations with a root, in %', zh: '带根号的方程（%）' },
  },
] as const;

/** Among the radical equations: those with x on both sides, and those without solution among the others. */
const TWO_SIDED_SHARE = 0.3;
const UNSOLVABLE_SHARE = 0.2;
/** What a root comes to at most: its square stays small. */
const MAX_ROOT_VALUE = 5;

function problemOf(equation: Equation): Problem | undefined {
  const solutions = solve(equation);
  return solutions && { task: NAME, question: writeEquation(equation), answer: writeAnswer(solutions.roots) };
}

const writeAnswer = (roots: readonly Rational[]) =>
  roots.length === 0 ? NO_SOLUTION : roots.map((root) => `x=${writeRational(root)}`).join(',');

function draw(rng: Rng, difficulty: Difficulty): Equation {
  const { max_coefficient = 1, max_number = 0, radicals = 0 } = completeDifficulty(DIALS, difficulty);
  const number = () => rng.integer(-max_number, max_number);
  if (!rng.chance(radicals / 100)) {
    const [a, root, b] = [rng.integer(1, max_coefficient), number(), number()];
    // `x=7` is an answer and no question.
    const offset = a === 1 && b === 0 ? 1 : b;
    return { isRadical: false, a, b: offset, isXRight: false, c: a * root + offset };
  }
  const value = rng.integer(1, Math.min(max_number, MAX_ROOT_VALUE));
  if (rng.chance(TWO_SIDED_SHARE)) {
    const [a, c] = [rng.integer(1, max_coefficient), number()];
    return { isRadical: true, a, b: value * value - a * value + a * c, isXRight: true, c };
  }
  const [a, root] = [rng.integer(1, max_coefficient), number()];
  const c = rng.chance(UNSOLVABLE_SHARE) ? -value : value;
  return { isRadical: true, a, b: value * value - a * root, isXRight: false, c };
}

function isWithin({ question }: Problem, difficulty: Difficulty): boolean {
  const { max_coefficient = 1, max_number = 0, radicals = 0 } = completeDifficulty(DIALS, difficulty);
  const equation = readEquation(question);
  if (equation === undefined || (equation.isRadical ? radicals === 0 : radicals === 100)) return false;
  const { isRadical, a, b, isXRight, c } = equation;
  const isNumber = (value: number) => Number.isInteger(value) && Math.abs(value) <= max_number;
  if (a < 1 || a > max_coefficient) return false;
  if (!isRadical) return isNumber(b) && isNumber((c - b) / a);
  const values = Array.from({ length: Math.min(max_number, MAX_ROOT_VALUE) }, (_, i) => i + 1);
  if (isXRight) return isNumber(c) && values.some((value) => b === value * value - a * value + a * c);
  return values.includes(Math.abs(c)) && isNumber((c * c - b) / a);
}

/** A line of the working, and the same line with a slip in it where one is likely. */
interface Line {
  readonly text: string;
  readonly slip?: (by: number) => string;
}

const line = (write: (by: number) => string): Line => ({ text: write(0), slip: write });

/** From ax+b=c to x. */
function linearLines(a: number, b: number, c: number): Line[] {
  const lines: Line[] = [];
  if (b !== 0) lines.push(line((by) => `${writeLinear(a, 0)}=${c}${writeTerm(-b)}=${c - b + by}`));
  if (a !== 1) {
    const root = rational(BigInt(c - b), BigInt(a));
    const division = root.denominator === 1n ? `x=${c - b}/${a}` : 'x';
    lines.push(line((by) => `${division}=${writeRational({ ...root, numerator: root.numerator + BigInt(by) })}`));
  }
  return lines;
}

/** From √(ax+b)=x+c to its square in u = x+c, which is u² = au+b-ac: what u may be is then a matter of two small numbers. */
function squaredLines({ a, b, c }: Equation): Line[] {
  const side = c === 0 ? 'x' : `(${writeLinear(1, c)})`;
  const inSide = { text: `${side}^2=${writeLinear(a, 0).replace('x', side)}${writeTerm(b - a * c)}` };
  if (c === 0) return [inSide];
  const product = line((by) => `${a}*${Math.abs(c)}=${a * Math.abs(c) + by}`);
  const sum = line((by) => `${b}${writeTerm(-a * c)}=${b - a * c + by}`);
  const calculations = [...(a === 1 ? [] : [product]), ...(b === 0 ? [] : [sum])];
  return [{ text: `${writeLinear(a, b)}=${side}^2` }, ...calculations, inSide];
}

type Say = ReturnType<typeof speaker>;

/** What x+c may be, x there, and what the root then comes to: never below zero. */
function tryTwoSided({ a, b, c }: Equation, candidate: Rational, say: Say): string {
  const x = Number(candidate.numerator);
  const side = x + c;
  const root = `\\sqrt{${a * x}${writeTerm(b)}}=${Math.abs(side)}`;
  return `${say('try')}${side}${c === 0 ? '' : `${writeTerm(-c)}=${x}`}${say('next')}${root}${side < 0 ? say('no') : ''}`;
}

function think(problem: Problem, style: ThinkingStyle, rng: Rng): string {
  const equation = readEquation(problem.question);
  const solutions = equation && solve(equation);
  if (!solutions) throw new Error(`${problem.question} is no equation of this task`);
  const { isRadical, isXRight, a, b, c } = equation;
  const candidates = [...solutions.roots, ...solutions.extraneous];
  const say = speaker(style, rng);
  const squared: Line[] = isRadical ? [{ text: `${writeLinear(a, b)}=${c * c}` }] : [];
  const lines = isXRight ? squaredLines(equation) : [...squared, ...linearLines(a, b, isRadical ? c * c : c)];
  const places = lines.flatMap(({ slip }, index) => (slip ? [index] : []));
  const slipAt = style.selfCheck && places.length > 0 ? rng.pick(places) : -1;
  const working = lines.map(({ text, slip }, index) => {
    const wrong = slip && index === slipAt ? `${slip(rng.pick([-2, -1, 1, 2]))}${say('wait')}` : '';
    return `${index > 0 ? say('next') : ''}${wrong}${text}`;
  });
  if (isXRight) working.push(...candidates.map((candidate) => tryTwoSided(equation, candidate, say)));
  else if (isRadical) working.push(`${say('try')}\\sqrt{${c * c}}=${Math.abs(c)}${c < 0 ? say('no') : ''}`);
  return working.join('');
}

/** A root that is a little off, or what the square let in. */
function blunder(problem: Problem, rng: Rng): string {
  const equation = readEquation(problem.question);
  const { roots = [], extraneous = [] } = (equation && solve(equation)) ?? {};
  const near = (root: Rational) => ({ ...root, numerator: root.numerator + BigInt(rng.pick([-3, -2, -1, 1, 2, 3])) });
  if (extraneous.length > 0 && rng.chance(0.5)) return writeAnswer([...roots, ...extraneous]);
  return writeAnswer([near(roots[0] ?? extraneous[0] ?? rational(0n))]);
}

const ROOT = new RegExp(`^(?:x=)?([+-]?${DIGITS})(?:/(${DIGITS}))?$`);

/** The set of solutions that an answer names; undefined if it names none. */
function readAnswer(text: string): Rational[] | undefined {
  if ([NO_SOLUTION, '\\emptyset', '∅'].includes(text)) return [];
  const roots: Rational[] = [];
  for (const part of text.split(',', 3)) {
    const [, numerator, denominator = '1'] = ROOT.exec(part) ?? [];
    if (numerator === undefined || BigInt(denominator) === 0n) return undefined;
    roots.push(rational(BigInt(numerator), BigInt(denominator)));
  }
  return roots;
}

function verify(problem: Problem, answer: string | undefined): Verdict {
  const found = answer?.trim();
  const roots = found === undefined ? undefined : readAnswer(readTyped(found) ?? '');
  const correct = roots !== undefined && isSameSet(roots, readAnswer(problem.answer) ?? []);
  return { correct, expected: problem.answer, found };
}

function parse(question: string): Problem | undefined {
  const equation = readTypedEquation(question);
  return equation && problemOf(equation);
}

function standing(question: string) {
  const equation = readTypedEquation(question);
  return equation && equationStanding(equation);
}

export const task = {
  name: NAME,
  place: 4,
  about: {
    en: {
      label: 'Equations',
      knows: 'equations in x, with factors up to {{max_coefficient}} and numbers up to {{max_number}}',
      size: 'numbers up to {{max_number}}',
    },
    zh: {
      label: '方程',
      knows: '系数不超过 {{max_coefficient}}、数不超过 {{max_number}} 的一元方程',
      size: '数不超过 {{max_number}}',
    },
  },
  dials: DIALS,
  words: ['\\sqrt', NO_SOLUTION, ...wordsOf('next', 'wait', 'try', 'no')],
  characters: '0123456789x+-*=/^(){},',
  examples: ['3x+1=22', '\\sqrt{4x-31}=1', '\\sqrt{x+49}=x-7', '\\sqrt{2x+19}=-5'],
  generate: (rng: Rng, difficulty: Difficulty) => problemOf(draw(rng, difficulty)) as Problem,
  isWithin,
  think,
  blunder,
  verify,
  standing,
  parse,
} satisfies Task;
