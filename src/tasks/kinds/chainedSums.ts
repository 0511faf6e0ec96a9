// The task chained_sums: sums and differences worked out from left to right, e.g. `9-8+3-7=?`.
import type { Rng } from '../../lib/rng';
import { completeDifficulty, DifficultyError } from '../difficulty';
import { verifyInteger } from '../integers';
import { sumStanding } from '../sumSteps';
import type { Difficulty, Problem, Task, ThinkingStyle } from '../task';
import { readTyped } from '../typed';
import { speaker, wordsOf } from '../words';

const NAME = 'chained_sums';

const DIALS = [
  { name: 'min_terms', min: 2, max: 16, default: 4, label: { en: 'Fewest terms', zh: '最少项数' } },
  { name: 'max_terms', min: 2, max: 16, default: 8, label: { en: 'Most terms', zh: '最多项数' } },
  { name: 'max_number', min: 1, max: 999, default: 9, label: { en: 'Largest number', zh: '最大的数' } },
] as const;

/** The most digits of a number that a person may type: every running result stays an exact integer. */
const MAX_DIGITS = 9;

/** The terms of a question with their signs: `9-8+3=?` → ['9', '-8', '+3']. */
function termsOf(question: string): string[] {
  return question.match(/[+-]?\d+/g) ?? [];
}

function problemOf(terms: readonly string[]): Problem {
  const answer = terms.reduce((sum, term) => sum + Number(term), 0);
  return { task: NAME, question: `${terms.join('')}=?`, answer: `${answer}` };
}

function generate(rng: Rng, difficulty: Difficulty): Problem {
  const { min_terms = 0, max_terms = 0, max_number = 0 } = completeDifficulty(DIALS, difficulty);
  if (min_terms > max_terms) {
    throw new DifficultyError(
      `min_terms (${min_terms}) is above max_terms (${max_terms}).`,
      'Lower min_terms or raise max_terms.',
    );
  }
  const numTerms = rng.integer(min_terms, max_terms);
  const most = max_number > MAX_EVEN ? drawMost(numTerms, max_number, rng) : max_number;
  const terms = Array.from({ length: numTerms }, (_, index) => {
    const sign = index === 0 ? '' : rng.pick(['+', '-']);
    return `${sign}${rng.integer(0, most)}`;
  });
  return problemOf(terms);
}

/** Up to this bound every sum has numbers up to it; above it sums are of several sizes, the long ones of small numbers mostly. */
const MAX_EVEN = 99;

/** The largest number of one sum: of one digit, of two, or the most, which is the rarer the more terms it has. */
function drawMost(numTerms: number, max_number: number, rng: Rng): number {
  const point = rng.uniform() * numTerms;
  if (point < 1) return max_number;
  return point < 1 + (numTerms - 1) / 2.5 ? MAX_EVEN : 9;
}

function isWithin({ question }: Problem, difficulty: Difficulty): boolean {
  const { min_terms = 0, max_terms = 0, max_number = 0 } = completeDifficulty(DIALS, difficulty);
  const terms = termsOf(question);
  const isNumber = (term: string, index: number) =>
    Math.abs(Number(term)) <= max_number && (index > 0 || !term.startsWith('-'));
  return terms.length >= min_terms && terms.length <= max_terms && terms.every(isNumber);
}

function think(problem: Problem, style: ThinkingStyle, rng: Rng): string {
  const [first = '0', ...rest] = termsOf(problem.question);
  const say = speaker(style, rng);
  const slipAt = style.selfCheck ? rng.integer(0, rest.length - 1) : -1;
  let sum = Number(first);
  let text = '';
  rest.forEach((term, index) => {
    const left = `${sum}${term}=`;
    sum += Number(term);
    if (index > 0) text += say('next');
    if (index === slipAt) text += `${left}${sum + rng.pick([-3, -2, -1, 1, 2, 3])}${say('wait')}`;
    text += `${left}${sum}`;
  });
  return text;
}

/** The terms of a typed question, without leading zeros; undefined if it is none. */
function readTerms(question: string): string[] | undefined {
  const compact = readTyped(question)?.replace(/=?\?*$/, '') ?? '';
  if (!/^-?\d+([+-]\d+)+$/.test(compact)) return undefined;
  const terms = termsOf(compact).map((term) => term.replace(/^([+-]?)0+(?=\d)/, '$1'));
  if (terms.some((term) => term.length > MAX_DIGITS + 1)) return undefined;
  return terms;
}

function parse(question: string): Problem | undefined {
  const terms = readTerms(question);
  return terms && problemOf(terms);
}

function standing(question: string) {
  const terms = readTerms(question);
  return terms && sumStanding(terms.map((term) => BigInt(term.replace('+', ''))));
}

export const task = {
  name: NAME,
  place: 1,
  about: {
    en: {
      label: 'Chained sums',
      knows: 'sums and differences of {{terms}} numbers from 0 to {{max_number}}',
      size: '{{terms}} numbers up to {{max_number}}',
    },
    zh: {
      label: '连续加减',
      knows: ' {{terms}} 个 0 到 {{max_number}} 之间的数的加减法',
      size: '{{terms}} 个数，不超过 {{max_number}}',
    },
  },
  dials: DIALS,
  words: wordsOf('next', 'wait'),
  characters: '0123456789+-=?',
  examples: ['7-4+4-5=?', '8-1-8-6+1=?', '9+7+8-8+9+3=?', '8-9+1-6+5-7-2=?', '4-8+3+1+1+2+8+9=?'],
  grade: { name: 'terms', of: ({ question }) => termsOf(question).length },
  generate,
  isWithin,
  think,
  blunder: (problem, rng) => `${Number(problem.answer) + rng.pick([-10, -3, -2, -1, 1, 2, 3, 10])}`,
  verify: verifyInteger,
  standing,
  parse,
} satisfies Task;
