// The task countdown (TinyZero's): reach the target from all of the numbers with + - * /, e.g. `3,5,7=26?` → `3*7+5`.
// Thinking is the written search: two numbers become one until one is left; at a dead end it goes back to the start.
import type { Rng } from '../../lib/rng';
import { readCountdown } from '../countdownQuestion';
import { countdownStanding } from '../countdownSteps';
import { completeDifficulty } from '../difficulty';
import { evaluateExpression, numbersOf, parseExpression } from '../expression';
import type { Difficulty, Problem, Task, ThinkingStyle, Verdict } from '../task';
import { readTyped } from '../typed';
import { speaker, wordsOf } from '../words';

const NAME = 'countdown';

const DIALS = [
  { name: 'numbers', min: 3, max: 4, default: 3, label: { en: 'Numbers to use', zh: '可用的数的个数' } },
  { name: 'max_number', min: 5, max: 20, default: 9, label: { en: 'Largest number', zh: '最大的数' } },
  { name: 'max_target', min: 20, max: 200, default: 50, label: { en: 'Largest target', zh: '最大的目标' } },
] as const;

/** Most dead ends that a worked solution writes down. */
const MAX_DEAD_ENDS = 4;

/** One number of the search: its value, and how it was made of the numbers given. */
interface Part {
  readonly value: number;
  readonly text: string;
  /** How tightly the text holds together: 1 a sum, 2 a product, 3 a number. */
  readonly strength: number;
}

interface Step {
  readonly left: number;
  readonly operator: string;
  readonly right: number;
  readonly result: number;
}

/** Steps that use up the numbers, and what they end in. */
interface Attempt {
  readonly steps: readonly Step[];
  readonly result: Part;
}

function join(operator: string, left: Part, right: Part): Part | undefined {
  const [a, b] = [left.value, right.value];
  const strength = operator === '+' || operator === '-' ? 1 : 2;
  const value = { '+': a + b, '-': a - b, '*': a * b, '/': a / b }[operator] ?? 0;
  // Whole numbers above zero; one that changes nothing is no step.
  if (value < 1 || !Number.isInteger(value) || (strength === 2 && (b === 1 || a === 1))) return undefined;
  const wrap = (part: Part, least: number) => (part.strength < least ? `(${part.text})` : part.text);
  const isOrdered = operator === '-' || operator === '/';
  const text = `${wrap(left, strength)}${operator}${wrap(right, isOrdered ? strength + 1 : strength)}`;
  return { value, text, strength };
}

/** Every way to use up the numbers, in one order for ever; the larger number comes first in each step. */
function* attempts(parts: readonly Part[], steps: readonly Step[] = []): Generator<Attempt> {
  const [only] = parts;
  if (only && parts.length === 1) yield { steps, result: only };
  for (const operator of ['+', '-', '*', '/']) {
    for (let i = 0; i < parts.length; i++) {
      for (let j = i + 1; j < parts.length; j++) {
        const pair = [parts[i], parts[j]] as [Part, Part];
        const [left, right] = pair[0].value >= pair[1].value ? pair : [pair[1], pair[0]];
        const joined = join(operator, left, right);
        if (joined === undefined) continue;
        const rest = parts.filter((_, index) => index !== i && index !== j);
        const step = { left: left.value, operator, right: right.value, result: joined.value };
        yield* attempts([joined, ...rest], [...steps, step]);
      }
    }
  }
}

const partsOf = (numbers: readonly number[]): Part[] =>
  numbers.map((value) => ({ value, text: `${value}`, strength: 3 }));

function problemOf(numbers: readonly number[], target: number): Problem | undefined {
  for (const { result } of attempts(partsOf(numbers))) {
    if (result.value !== target) continue;
    const sorted = [...numbers].sort((a, b) => a - b);
    const write = (list: readonly number[]) => `${list.join(',')}=${target}?`;
    return { task: NAME, question: write(numbers), answer: result.text, canonical: write(sorted) };
  }
  return undefined;
}

function generate(rng: Rng, difficulty: Difficulty): Problem {
  const { numbers: count = 0, max_number = 0, max_target = 0 } = completeDifficulty(DIALS, difficulty);
  for (;;) {
    const numbers = Array.from({ length: count }, () => rng.integer(1, max_number));
    const target = drawResult(numbers, rng);
    if (target > max_target) continue;
    const problem = problemOf(numbers, target);
    if (problem) return problem;
  }
}

function isWithin({ question }: Problem, difficulty: Difficulty): boolean {
  const { numbers: count = 0, max_number = 0, max_target = 0 } = completeDifficulty(DIALS, difficulty);
  const { numbers, target } = readCountdown(question) ?? { numbers: [], target: 0 };
  const isNumber = (number: number) => number >= 1 && number <= max_number;
  return numbers.length === count && numbers.every(isNumber) && target <= max_target;
}

/** What a random way to use up the numbers ends in. */
function drawResult(numbers: readonly number[], rng: Rng): number {
  let parts = partsOf(numbers);
  while (parts.length > 1) {
    const first = rng.integer(0, parts.length - 1);
    const second = (first + rng.integer(1, parts.length - 1)) % parts.length;
    const joined = join(rng.pick(['+', '-', '*', '/']), parts[first] as Part, parts[second] as Part);
    if (joined) parts = [joined, ...parts.filter((_, index) => index !== first && index !== second)];
  }
  return parts[0]?.value ?? 0;
}

/** The dead ends, one for each first step that does not begin the solution: the one that comes nearest to the target. */
function deadEnds(all: readonly Attempt[], solution: Attempt, target: number): Attempt[] {
  const key = ({ steps }: Attempt) => `${steps[0]?.left}${steps[0]?.operator}${steps[0]?.right}`;
  const distance = ({ result }: Attempt) => Math.abs(result.value - target);
  const solvable = new Set(all.filter((attempt) => distance(attempt) === 0).map(key));
  const nearest = new Map<string, Attempt>();
  for (const attempt of all) {
    const best = nearest.get(key(attempt));
    if (solvable.has(key(attempt)) || key(attempt) === key(solution)) continue;
    if (best === undefined || distance(attempt) < distance(best)) nearest.set(key(attempt), attempt);
  }
  return [...nearest.values()];
}

function think(problem: Problem, style: ThinkingStyle, rng: Rng): string {
  const { numbers, target } = readCountdown(problem.question) ?? { numbers: [], target: 0 };
  const all = [...attempts(partsOf(numbers))];
  const solution = all.find(({ result }) => result.value === target);
  if (solution === undefined) throw new Error(`${problem.question} has no solution`);
  const open = deadEnds(all, solution, target);
  const tried: Attempt[] = [];
  for (let left = rng.integer(0, MAX_DEAD_ENDS); left > 0 && open.length > 0; left--) {
    tried.push(...open.splice(rng.integer(0, open.length - 1), 1));
  }
  const say = speaker(style, rng);
  const numSteps = (tried.length + 1) * (numbers.length - 1);
  let slipIn = style.selfCheck ? rng.integer(0, numSteps - 1) : -1;
  let text = '';
  for (const attempt of [...tried, solution]) {
    for (const [index, { left, operator, right, result }] of attempt.steps.entries()) {
      if (text !== '') text += say(index === 0 ? 'back' : 'next');
      const calculation = `${left}${operator}${right}=`;
      if (slipIn-- === 0) text += `${calculation}${result + rng.pick([1, 2, 3])}${say('wait')}`;
      text += `${calculation}${result}`;
    }
  }
  return text;
}

function blunder(problem: Problem, rng: Rng): string {
  const { numbers } = readCountdown(problem.question) ?? { numbers: [] };
  for (;;) {
    const text = numbers
      .map((number, index) => (index === 0 ? `${number}` : `${rng.pick(['+', '-', '*'])}${number}`))
      .join('');
    if (!verify(problem, text).correct) return text;
    // Every order of signs may reach the target only by chance, and never all of them.
  }
}

function verify(problem: Problem, answer: string | undefined): Verdict {
  const found = answer?.trim();
  return { correct: found !== undefined && isSolution(problem, found), expected: problem.answer, found };
}

function isSolution(problem: Problem, answer: string): boolean {
  const asked = readCountdown(problem.question);
  const expression = parseExpression(readTyped(answer) ?? '', 'arithmetic');
  if (asked === undefined || expression === undefined) return false;
  const sorted = (list: readonly (number | bigint)[]) =>
    list
      .map(Number)
      .sort((a, b) => a - b)
      .join();
  if (sorted(numbersOf(expression)) !== sorted(asked.numbers)) return false;
  const value = evaluateExpression(expression);
  return value?.denominator === 1n && value.numerator === BigInt(asked.target);
}

function parse(question: string): Problem | undefined {
  const asked = readCountdown(readTyped(question) ?? '');
  return asked && problemOf(asked.numbers, asked.target);
}

function standing(question: string) {
  const asked = readCountdown(readTyped(question) ?? '');
  return asked && countdownStanding(asked.numbers, asked.target);
}

export const task = {
  name: NAME,
  place: 3,
  about: {
    en: {
      label: 'Countdown',
      knows: 'how to reach a number up to {{max_target}} from {{numbers}} numbers up to {{max_number}}',
      size: '{{numbers}} numbers, targets up to {{max_target}}',
    },
    zh: {
      label: '凑数',
      knows: '用 {{numbers}} 个不超过 {{max_number}} 的数凑出不超过 {{max_target}} 的目标',
      size: '{{numbers}} 个数，目标不超过 {{max_target}}',
    },
  },
  dials: DIALS,
  words: wordsOf('next', 'wait', 'back'),
  characters: '0123456789+-*/()=,?',
  examples: ['8,5,2=15?', '9,2,3=24?', '6,3,4=6?', '3,8,6=30?'],
  generate,
  isWithin,
  think,
  blunder,
  verify,
  standing,
  parse,
} satisfies Task;
