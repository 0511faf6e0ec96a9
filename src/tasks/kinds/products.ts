// The task products: two whole numbers multiplied by partial products and running sums,
// e.g. `37*4=?` → `30*4=120 then 7*4=28 then 120+28=148`.
import type { Rng } from '../../lib/rng';
import { completeDifficulty, DifficultyError } from '../difficulty';
import { verifyInteger } from '../integers';
import { placesOf, productStanding } from '../productSteps';
import type { Difficulty, Problem, Task, ThinkingStyle } from '../task';
import { readTyped } from '../typed';
import { speaker, wordsOf } from '../words';

const NAME = 'products';

/** Digits of both numbers together: `37*4` has three. */
const DIALS = [
  {
    name: 'min_digits',
    min: 2,
    max: 5,
    default: 3,
    label: { en: 'Fewest digits, both numbers together', zh: '两数合计最少位数' },
  },
  {
    name: 'max_digits',
    min: 2,
    max: 5,
    default: 3,
    label: { en: 'Most digits, both numbers together', zh: '两数合计最多位数' },
  },
] as const;

/** The most digits of a number that a person may type: every product stays an exact integer. */
const MAX_TYPED_DIGITS = 6;
const QUESTION = new RegExp(`^(\\d{1,${MAX_TYPED_DIGITS}})\\*(\\d{1,${MAX_TYPED_DIGITS}})(?:=\\??|\\?)?$`);

function problemOf(a: number, b: number): Problem {
  return {
    task: NAME,
    question: `${a}*${b}=?`,
    answer: `${a * b}`,
    canonical: `${Math.min(a, b)}*${Math.max(a, b)}=?`,
  };
}

function generate(rng: Rng, difficulty: Difficulty): Problem {
  const { min_digits = 0, max_digits = 0 } = completeDifficulty(DIALS, difficulty);
  if (min_digits > max_digits) {
    throw new DifficultyError(
      `min_digits (${min_digits}) is above max_digits (${max_digits}).`,
      'Lower min_digits or raise max_digits.',
    );
  }
  const total = rng.integer(min_digits, max_digits);
  const first = rng.integer(1, total - 1);
  const ofDigits = (count: number) => rng.integer(count === 1 ? 2 : 10 ** (count - 1), 10 ** count - 1);
  return problemOf(ofDigits(first), ofDigits(total - first));
}

function isWithin({ question }: Problem, difficulty: Difficulty): boolean {
  const { min_digits = 0, max_digits = 0 } = completeDifficulty(DIALS, difficulty);
  const factors = factorsOf(question);
  const digits = factors.join('').length;
  return digits >= min_digits && digits <= max_digits && factors.every((factor) => factor >= 2);
}

function factorsOf(question: string): [number, number] {
  const [, a = '0', b = '0'] = QUESTION.exec(question) ?? [];
  return [Number(a), Number(b)];
}

function think(problem: Problem, style: ThinkingStyle, rng: Rng): string {
  const [a, b] = factorsOf(problem.question);
  const steps: { readonly left: string; readonly result: number }[] = [];
  let sum: number | undefined;
  for (const left of placesOf(a)) {
    for (const right of placesOf(b)) {
      const partial = left * right;
      steps.push({ left: `${left}*${right}=`, result: partial });
      if (sum !== undefined) steps.push({ left: `${sum}+${partial}=`, result: sum + partial });
      sum = (sum ?? 0) + partial;
    }
  }
  const say = speaker(style, rng);
  const slipAt = style.selfCheck ? rng.integer(0, steps.length - 1) : -1;
  return steps
    .map(({ left, result }, index) => {
      const next = index > 0 ? say('next') : '';
      const slip = index === slipAt ? `${left}${nearMiss(result, rng)}${say('wait')}` : '';
      return `${next}${slip}${left}${result}`;
    })
    .join('');
}

/** Off by a little in one digit. */
function nearMiss(number: number, rng: Rng): number {
  const step = rng.pick([1, 2, 3]) * 10 ** rng.integer(0, `${number}`.length - 1);
  return number >= step && rng.chance(0.5) ? number - step : number + step;
}

function parse(question: string): Problem | undefined {
  const match = QUESTION.exec(readTyped(question) ?? '');
  return match ? problemOf(Number(match[1]), Number(match[2])) : undefined;
}

function standing(question: string) {
  const match = QUESTION.exec(readTyped(question) ?? '');
  return match ? productStanding(Number(match[1]), Number(match[2])) : undefined;
}

export const task = {
  name: NAME,
  place: 2,
  about: {
    en: {
      label: 'Products',
      knows: 'products of two numbers with {{digits}} digits in all',
      size: '{{digits}} digits in all',
    },
    zh: { label: '乘法', knows: '共 {{digits}} 位数字的两个数的乘法', size: '共 {{digits}} 位数字' },
  },
  dials: DIALS,
  words: wordsOf('next', 'wait'),
  characters: '0123456789+*=?',
  examples: ['24*5=?', '8*72=?', '57*8=?', '97*7=?'],
  grade: { name: 'digits', of: ({ question }) => factorsOf(question).join('').length },
  generate,
  isWithin,
  think,
  blunder: (problem, rng) => `${nearMiss(Number(problem.answer), rng)}`,
  verify: verifyInteger,
  standing,
  parse,
} satisfies Task;
