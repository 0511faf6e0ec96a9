// The task programs: write f(x) from input and output, e.g. `f(0)=3,f(1)=5,f(2)=7,f(x)=?` → `2*x+3`. The answer is a JavaScript
// expression in x; it runs in the sandbox on the cases that were shown and on hidden ones, which are drawn for each problem.
// Thinking is the method of differences: those of the outputs give the slope, those of the differences the square.
import { hashText } from '../../lib/hash';
import { type Rng, rng } from '../../lib/rng';
import type { Sandbox } from '../../sandbox/sandbox';
import { completeDifficulty } from '../difficulty';
import { programStanding } from '../programSteps';
import type { Difficulty, Problem, Task, ThinkingStyle, Verdict } from '../task';
import { plainCharacters, readTyped } from '../typed';
import { speaker, wordsOf } from '../words';

const NAME = 'programs';

const DIALS = [
  { name: 'max_degree', min: 1, max: 2, default: 2, label: { en: 'Highest power of x', zh: 'x 的最高次数' } },
  { name: 'max_coefficient', min: 1, max: 9, default: 5, label: { en: 'Largest factor of x', zh: 'x 的最大系数' } },
  { name: 'max_constant', min: 1, max: 20, default: 9, label: { en: 'Largest constant', zh: '最大的常数' } },
] as const;

/** Squares grow fast: their coefficient stays small. */
const MAX_SQUARES = 3;

const SHOWN_INPUTS = [0, 1, 2];
/** So many of either sign are hidden, none farther from 0 than the most: more than an answer has room to list. */
const HIDDEN_OF_A_SIGN = 4;
const MAX_HIDDEN_INPUT = 200;

/** Longer answers are not run. */
const MAX_ANSWER_CHARACTERS = 200;

const QUESTION = /^f\(0\)=(-?\d{1,4}),f\(1\)=(-?\d{1,4}),f\(2\)=(-?\d{1,4})(?:,?f\(x\)=\??)?$/;

/** a·x² + b·x + c. */
interface Polynomial {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

const valueAt = ({ a, b, c }: Polynomial, x: number) => a * x * x + b * x + c;

function write({ a, b, c }: Polynomial): string {
  const term = (factor: number, of: string) => {
    const size = Math.abs(factor);
    const product = of === '' ? `${size}` : size === 1 ? of : `${size}*${of}`;
    return factor === 0 ? '' : `${factor < 0 ? '-' : '+'}${product}`;
  };
  const sum = `${term(a, 'x*x')}${term(b, 'x')}${term(c, '')}`;
  return sum === '' ? '0' : sum.replace(/^\+/, '');
}

function problemOf(polynomial: Polynomial): Problem {
  const cases = SHOWN_INPUTS.map((x) => `f(${x})=${valueAt(polynomial, x)},`);
  return { task: NAME, question: `${cases.join('')}f(x)=?`, answer: write(polynomial) };
}

/** The polynomial through the three cases of a question; undefined if its coefficients are not whole. */
function readPolynomial(question: string): Polynomial | undefined {
  const match = QUESTION.exec(question);
  if (match === null) return undefined;
  const [f0, f1, f2] = match.slice(1).map(Number) as [number, number, number];
  const a = (f2 - 2 * f1 + f0) / 2;
  return Number.isInteger(a) ? { a, b: f1 - f0 - a, c: f0 } : undefined;
}

function generate(rng: Rng, difficulty: Difficulty): Problem {
  const { max_degree = 1, max_coefficient = 1, max_constant = 0 } = completeDifficulty(DIALS, difficulty);
  const a = rng.integer(1, max_degree) === 1 ? 0 : rng.integer(1, Math.min(MAX_SQUARES, max_coefficient));
  const b = rng.integer(-max_coefficient, max_coefficient);
  const c = rng.integer(-max_constant, max_constant);
  // A constant would be no program.
  return problemOf({ a, b: a === 0 && b === 0 ? 1 : b, c });
}

function isWithin({ question }: Problem, difficulty: Difficulty): boolean {
  const { max_degree = 1, max_coefficient = 1, max_constant = 0 } = completeDifficulty(DIALS, difficulty);
  const { a, b, c } = readPolynomial(question) ?? { a: 0, b: 0, c: 0 };
  const maxSquares = max_degree === 1 ? 0 : Math.min(MAX_SQUARES, max_coefficient);
  const isProgram = a !== 0 || b !== 0;
  return isProgram && a >= 0 && a <= maxSquares && Math.abs(b) <= max_coefficient && Math.abs(c) <= max_constant;
}

function think(problem: Problem, style: ThinkingStyle, rng: Rng): string {
  const polynomial = readPolynomial(problem.question);
  if (polynomial === undefined) throw new Error(`${problem.question} is no question of this task`);
  const [f0, f1, f2] = SHOWN_INPUTS.map((x) => valueAt(polynomial, x)) as [number, number, number];
  const minus = (from: number, number: number) => ({
    left: `${from}${number < 0 ? `+${-number}` : `-${number}`}=`,
    result: from - number,
  });
  const [first, second] = [f1 - f0, f2 - f1];
  const steps = [minus(f1, f0), minus(f2, f1), minus(second, first)];
  if (second !== first) {
    steps.push({ left: `${second - first}/2=`, result: polynomial.a }, minus(first, polynomial.a));
  }
  const say = speaker(style, rng);
  const slipAt = style.selfCheck ? rng.integer(0, steps.length - 1) : -1;
  return steps
    .map(({ left, result }, index) => {
      const next = index > 0 ? say('next') : '';
      const slip = index === slipAt ? `${left}${result + rng.pick([-2, -1, 1, 2])}${say('wait')}` : '';
      return `${next}${slip}${left}${result}`;
    })
    .join('');
}

function blunder(problem: Problem, rng: Rng): string {
  const polynomial = readPolynomial(problem.question) ?? { a: 0, b: 0, c: 0 };
  const name = rng.pick(['b', 'c'] as const);
  return write({ ...polynomial, [name]: polynomial[name] + rng.pick([-2, -1, 1, 2]) });
}

/** The inputs that an answer is tried on: those shown, then the problem's own hidden ones. */
export function inputsOf({ question }: Problem): number[] {
  const draw = rng(hashText(question), 'hiddenCases');
  const sizes = new Set<number>();
  while (sizes.size < 2 * HIDDEN_OF_A_SIGN) sizes.add(draw.integer(SHOWN_INPUTS.length, MAX_HIDDEN_INPUT));
  const hidden = [...sizes].map((size, i) => (i < HIDDEN_OF_A_SIGN ? size : -size));
  return [...SHOWN_INPUTS, ...hidden];
}

/**
 * The script that tries an answer. Between round brackets the answer parses only where it is an expression, between square
 * ones only where it closes no bracket that it did not open, and the list has one item only where it is one expression. The line
 * break ends a comment that the answer may end in. x cannot be assigned to, and each call has a realm of its own.
 */
function scriptOf(answer: string): string {
  return `const answer = ${JSON.stringify(answer)};
new Function(\`(\${answer}\n)\`);
const list = new Function(\`'use strict'; const x = arguments[0]; return [\${answer}\n]\`);
(x) => { const values = list(x); if (values.length > 1) throw 'It has more than one value.'; return values[0]; }`;
}

async function verify(problem: Problem, answer: string | undefined, sandbox: Sandbox): Promise<Verdict> {
  const found = answer?.trim();
  const polynomial = readPolynomial(problem.question);
  const inputs = inputsOf(problem);
  const isRunnable = found !== undefined && found !== '' && found.length <= MAX_ANSWER_CHARACTERS;
  const countPassed = async (answer: string, cases: readonly number[]) => {
    const outcomes = await sandbox.run(scriptOf(plainCharacters(answer)), cases, { isolate: 'each' });
    return outcomes.filter(
      (outcome, i) => polynomial && 'value' in outcome && outcome.value === valueAt(polynomial, cases[i] as number),
    ).length;
  };
  const ofShown = isRunnable ? await countPassed(found, SHOWN_INPUTS) : 0;
  // What passes no case that it was shown is not tried further: most wrong answers are such, and may be slow.
  const ofHidden = isRunnable && ofShown > 0 ? await countPassed(found, inputs.slice(SHOWN_INPUTS.length)) : 0;
  const [passed, total] = [ofShown + ofHidden, inputs.length];
  return { correct: passed === total, expected: problem.answer, found, cases: { passed, total } };
}

function parse(question: string): Problem | undefined {
  const polynomial = readPolynomial(readTyped(question) ?? '');
  return polynomial && problemOf(polynomial);
}

function standing(question: string) {
  const polynomial = readPolynomial(readTyped(question) ?? '');
  return polynomial && programStanding(SHOWN_INPUTS.map((x) => valueAt(polynomial, x)) as [number, number, number]);
}

export const task = {
  name: NAME,
  place: 5,
  about: {
    en: {
      label: 'Programs',
      knows: 'how to find f(x) from f(0), f(1) and f(2), up to degree {{max_degree}}',
      size: 'up to degree {{max_degree}}',
    },
    zh: {
      label: '程序',
      knows: '由 f(0)、f(1)、f(2) 求 f(x)，次数不超过 {{max_degree}}',
      size: '次数不超过 {{max_degree}}',
    },
  },
  dials: DIALS,
  words: wordsOf('next', 'wait'),
  characters: '0123456789fx+-*/()=,?',
  examples: ['f(0)=8,f(1)=11,f(2)=14,f(x)=?', 'f(0)=-3,f(1)=-1,f(2)=1,f(x)=?', 'f(0)=8,f(1)=8,f(2)=12,f(x)=?'],
  grade: { name: 'degree', of: ({ question }) => ((readPolynomial(question)?.a ?? 0) === 0 ? 1 : 2) },
  generate,
  isWithin,
  think,
  blunder,
  verify,
  standing,
  parse,
} satisfies Task;
