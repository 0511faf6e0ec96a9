// The task sequences: whole numbers in even steps, of which the next is asked: `2,5,8,?` → `2+3=5 then 5+3=8 then 8+3=11`.
import type { Rng } from '../../lib/rng';
import { isTrue, judgeAlone, readCalculation } from '../calculation';
import { completeDifficulty, DifficultyError } from '../difficulty';
import { verifyInteger } from '../integers';
import type { Standing } from '../standing';
import type { Difficulty, Problem, Task, ThinkingStyle } from '../task';
import { readTyped } from '../typed';
import { speaker, wordsOf } from '../words';

const NAME = 'sequences';

const DIALS = [
  { name: 'min_terms', min: 3, max: 8, default: 3, label: { en: 'Fewest terms', zh: '最少项数' } },
  { name: 'max_terms', min: 3, max: 8, default: 5, label: { en: 'Most terms', zh: '最多项数' } },
  { name: 'max_number', min: 9, max: 99, default: 30, label: { en: 'Largest number', zh: '最大的数' } },
  { name: 'max_step', min: 1, max: 20, default: 9, label: { en: 'Largest step', zh: '最大的间隔' } },
] as const;

/** Numbers that a person may type have few digits: every term stays an exact integer. */
const QUESTION = /^-?\d{1,6}(?:,-?\d{1,6}){2,15}(?:,\??|\?)?$/;

/** Numbers in even steps that are not 0. */
interface Sequence {
  readonly terms: readonly number[];
  readonly step: number;
}

/** Undefined for what is no question of this task. */
function read(question: string): Sequence | undefined {
  const plain = readTyped(question) ?? '';
  if (!QUESTION.test(plain)) return undefined;
  const terms = (plain.match(/-?\d+/g) ?? []).map(Number);
  const step = (terms[1] ?? 0) - (terms[0] ?? 0);
  const isEven = terms.every((term, i) => i === 0 || term - (terms[i - 1] as number) === step);
  return isEven && step !== 0 ? { terms, step } : undefined;
}

function problemOf({ terms, step }: Sequence): Problem {
  return { task: NAME, question: `${terms.join()},?`, answer: `${(terms.at(-1) as number) + step}` };
}

function generate(rng: Rng, difficulty: Difficulty): Problem {
  const { min_terms = 0, max_terms = 0, max_number = 0, max_step = 0 } = completeDifficulty(DIALS, difficulty);
  if (min_terms > max_terms) {
    throw new DifficultyError(
      `min_terms (${min_terms}) is above max_terms (${max_terms}).`,
      'Lower min_terms or raise max_terms.',
    );
  }
  const step = rng.integer(1, max_step) * rng.pick([-1, 1]);
  const first = rng.integer(0, max_number);
  const terms = Array.from({ length: rng.integer(min_terms, max_terms) }, (_, i) => first + i * step);
  return problemOf({ terms, step });
}

function isWithin({ question }: Problem, difficulty: Difficulty): boolean {
  const { min_terms = 0, max_terms = 0, max_number = 0, max_step = 0 } = completeDifficulty(DIALS, difficulty);
  const { terms, step } = read(question) ?? { terms: [], step: 0 };
  const [first = -1] = terms;
  const isNumber = first >= 0 && first <= max_number && Math.abs(step) <= max_step;
  return isNumber && terms.length >= min_terms && terms.length <= max_terms;
}

/** `5+3=`: from a term to the next. */
const leftOf = (term: number, step: number) => `${term}${step < 0 ? '-' : '+'}${Math.abs(step)}=`;

function think(problem: Problem, style: ThinkingStyle, rng: Rng): string {
  const { terms, step } = read(problem.question) ?? { terms: [], step: 0 };
  const say = speaker(style, rng);
  const slipAt = style.selfCheck ? rng.integer(0, terms.length - 1) : -1;
  return terms
    .map((term, i) => {
      const [left, result] = [leftOf(term, step), term + step];
      const slip = i === slipAt ? `${left}${result + rng.pick([-2, -1, 1, 2])}${say('wait')}` : '';
      return `${i > 0 ? say('next') : ''}${slip}${left}${result}`;
    })
    .join('');
}

/** @param open terms from which the step was not taken yet. */
function standingAt(open: readonly number[], step: number): Standing {
  const standing: Standing = {
    missing: open.length,
    follow(line) {
      const calculation = readCalculation(line);
      const rest = calculation && open.filter((term) => !line.startsWith(leftOf(term, step)));
      if (!rest || rest.length === open.length) return { mark: judgeAlone(line), next: standing };
      return { mark: isTrue(calculation) ? 'right' : 'wrong', next: standingAt(rest, step) };
    },
  };
  return standing;
}

export const task = {
  name: NAME,
  place: 6,
  // Runs of the mixture that were begun without this task go on with the problems they had.
  mixtureWeight: 0,
  about: {
    en: {
      label: 'Sequences',
      knows: 'how {{terms}} numbers in even steps of at most {{max_step}} go on',
      size: '{{terms}} numbers, steps up to {{max_step}}',
    },
    zh: {
      label: '数列',
      knows: ' {{terms}} 个间隔相等（不超过 {{max_step}}）的数之后的下一个数',
      size: '{{terms}} 个数，间隔不超过 {{max_step}}',
    },
  },
  dials: DIALS,
  words: wordsOf('next', 'wait'),
  characters: '0123456789+-=,?',
  examples: ['3,6,9,12,?', '10,7,4,?', '5,8,11,14,?', '27,22,17,12,?'],
  grade: { name: 'terms', of: ({ question }) => read(question)?.terms.length ?? 0 },
  generate,
  isWithin,
  think,
  blunder: (problem, rng) => `${Number(problem.answer) + rng.pick([-10, -2, -1, 1, 2, 10])}`,
  verify: verifyInteger,
  standing(question) {
    const sequence = read(question);
    return sequence && standingAt(sequence.terms, sequence.step);
  },
  parse(question) {
    const sequence = read(question);
    return sequence && problemOf(sequence);
  },
} satisfies Task;
