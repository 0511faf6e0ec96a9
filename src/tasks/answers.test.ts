// What every verifier takes for an answer and what it does not, on many problems of every task.
import fc from 'fast-check';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { rng } from '../lib/rng';
import { createNodeSandbox } from '../sandbox/nodeSandbox';
import { computedMs } from '../testing/machineLoad';
import { mutated, respelled } from '../testing/spellings';
import { evaluateExpression, numbersOf, parseExpression } from './expression';
import { allTasks, getTask } from './registry';
import type { Problem, Task } from './task';

const NUM_CASES = 1000;
vi.setConfig({ testTimeout: 60_000 });

const sandbox = createNodeSandbox();
afterAll(() => sandbox.close());

const isRight = async (task: Task, problem: Problem, answer: string) =>
  (await task.verify(problem, answer, sandbox)).correct;
const problems = (task: Task) => fc.nat().map((seed) => task.generate(rng(seed, 'problem'), {}));

/** Two digits run together by each of these are not one number. */
const BETWEEN_DIGITS = [
  ' ',
  '\n',
  '\u00a0',
  '\u2009',
  '\u3000',
  '\u200b',
  '\u2060',
  '\ufeff',
  "'",
  ',',
  '.',
  '٬',
  '\0',
];
/** Digits and letters that look like ASCII and are not read. */
const LOOKALIKES = ['٣', '३', '³', '₃', '③', '𝟛', 'Ⅲ', '三', 'З', 'Ʒ', 'O', 'l', '½'];

/** Right answers next to something, of whatever task. */
const BESIDE = [
  (a: string) => `${a} ${a}`,
  (a: string) => `${a},${a}`,
  (a: string) => `${a};${a}`,
  (a: string) => `${a}\n${a}`,
  (a: string) => `${a} or 0`,
  (a: string) => `0,${a}`,
  (a: string) => `${a},0`,
  (a: string) => `the answer is ${a}`,
  (a: string) => `${a} apples`,
  (a: string) => `${a}#`,
  (a: string) => `${a}!`,
  (a: string) => `"${a}"`,
  (a: string) => `${a}\u200b`,
  (a: string) => `\u202e${a}`,
  (a: string) => `${a}=${a}`,
  (a: string) => `<answer>${a}`,
  (a: string) => `0${a}`,
  (a: string) => `00${a}`,
];

const HUGE = [
  ['nothing', ''],
  ['white space', ' \n\u3000'],
  ['every number', Array.from({ length: 2000 }, (_, i) => i - 1000).join(' ')],
  ['every number, with commas', Array.from({ length: 2000 }, (_, i) => i - 1000).join(',')],
  ['every root', Array.from({ length: 99 }, (_, i) => `x=${i - 50}`).join(',')],
  ['deep brackets', `${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
  ['deep lists', `${'['.repeat(90)}1${']'.repeat(90)}`],
  ['deep roots', `${'\\sqrt{'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  ['1e400', '1e400'],
  ['a tower of powers', '9**9**9**9'],
  ['a million digits', '9'.repeat(1e6)],
  ['a million zeros', `${'0'.repeat(1e6)}1`],
  ['a million signs', `${'-'.repeat(1e6)}1`],
  ['a million spaces', `1${' '.repeat(1e6)}2`],
] as const;

describe.each(allTasks().map((task) => [task.name, task] as const))('the verifier of %s', (_, task) => {
  test('takes the right answer in every spelling of its digits and signs', async () => {
    const written = problems(task).chain((problem) => respelled(problem.answer).map((text) => ({ problem, text })));
    await fc.assert(
      fc.asyncProperty(written, async ({ problem, text }) => {
        expect(await isRight(task, problem, text)).toBe(true);
      }),
      { numRuns: NUM_CASES },
    );
  });

  test('joins no numbers over what parts them', async () => {
    const hardest = Object.fromEntries(task.dials.map(({ name, max }) => [name, max]));
    const long = Array.from({ length: 400 }, (_, seed) => task.generate(rng(seed, 'problem'), hardest)).filter(
      ({ answer }) => /\d\d/.test(answer),
    );
    expect(long.length).toBeGreaterThan(task.name === 'small_talk' ? -1 : 20);
    for (const [i, problem] of long.entries()) {
      const between = BETWEEN_DIGITS[i % BETWEEN_DIGITS.length] as string;
      const text = problem.answer.replace(/(?<=\d)(?=\d)/, between);
      expect([text, await isRight(task, problem, text)]).toEqual([text, false]);
    }
  });

  test('takes no digit for what looks like one', async () => {
    await fc.assert(
      fc.asyncProperty(problems(task), fc.constantFrom(...LOOKALIKES), async (problem, other) => {
        for (const text of [problem.answer.replace(/\d/, other), `${problem.answer}${other}`]) {
          if (text !== problem.answer) expect(await isRight(task, problem, text)).toBe(false);
        }
      }),
      { numRuns: NUM_CASES / 4 },
    );
  });

  test('takes one answer and nothing beside it', async () => {
    await fc.assert(
      fc.asyncProperty(problems(task), fc.constantFrom(...BESIDE), async (problem, beside) => {
        const text = beside(problem.answer);
        // `00-3` and `0-5+2*x` are sums of their own; the second is even right.
        fc.pre(!/^0+-/.test(text));
        expect(await isRight(task, problem, text)).toBe(false);
      }),
      { numRuns: NUM_CASES },
    );
  });

  test.each(HUGE)('refuses %s in a moment', async (_, text) => {
    const problem = task.generate(rng(3, 'problem'), {});
    await isRight(task, problem, problem.answer);
    const startMs = computedMs();
    expect(await isRight(task, problem, text)).toBe(false);
    expect(computedMs() - startMs).toBeLessThan(100);
  });
});

/** What an answer of one number comes to, read by another rule than the verifiers'. */
const readNumber = (text: string) =>
  /^\s*[+-]?\s*\d+\s*$/.test(text) ? BigInt(text.replace(/[\s+]/g, '')) : undefined;

describe('no mutation of a right answer is right, unless it comes to the same', () => {
  test.each(['chained_sums', 'products'])('%s', async (name) => {
    const task = getTask(name);
    const written = problems(task).chain((p) => mutated(p.answer, '0123456789+-., \u3000٣').map((text) => [p, text]));
    await fc.assert(
      fc.asyncProperty(written as fc.Arbitrary<[Problem, string]>, async ([problem, text]) => {
        if (await isRight(task, problem, text)) expect(readNumber(text)).toBe(BigInt(problem.answer));
      }),
      { numRuns: 5 * NUM_CASES },
    );
  });

  test('countdown', async () => {
    const task = getTask('countdown');
    const written = problems(task).chain((p) => mutated(p.answer, '0123456789+-*/() ').map((text) => [p, text]));
    await fc.assert(
      fc.asyncProperty(written as fc.Arbitrary<[Problem, string]>, async ([problem, text]) => {
        if (!(await isRight(task, problem, text))) return;
        const expression = parseExpression(text.replace(/ /g, ''), 'arithmetic');
        const [numbers = '', target = ''] = problem.question.replace('?', '').split('=');
        expect(expression && evaluateExpression(expression)?.numerator).toBe(BigInt(target));
        expect(expression && numbersOf(expression).sort().join()).toBe(numbers.split(',').map(BigInt).sort().join());
        expect(text).not.toMatch(/\d \d/);
      }),
      { numRuns: 5 * NUM_CASES },
    );
  });

  test('equations', async () => {
    const task = getTask('equations');
    const written = problems(task).chain((p) => mutated(p.answer, '0123456789x=-/, ²').map((text) => [p, text]));
    const rootsOf = (text: string) =>
      text
        .replace(/x\s*=|\s/g, '')
        .split(',')
        .map((root) => root.split('/').map(Number))
        // `-0` is 0.
        .map(([numerator = Number.NaN, denominator = 1]) => numerator / denominator + 0)
        .sort();
    await fc.assert(
      fc.asyncProperty(written as fc.Arbitrary<[Problem, string]>, async ([problem, text]) => {
        if (text === problem.answer || !(await isRight(task, problem, text))) return;
        expect(rootsOf(text)).toEqual(rootsOf(problem.answer));
        expect(text).not.toMatch(/\d \d/);
      }),
      { numRuns: 5 * NUM_CASES },
    );
  });

  test('programs', async () => {
    const task = getTask('programs');
    const written = problems(task).chain((p) => mutated(p.answer, '0123456789x+-*/() ').map((text) => [p, text]));
    await fc.assert(
      fc.asyncProperty(written as fc.Arbitrary<[Problem, string]>, async ([problem, text]) => {
        if (!(await isRight(task, problem, text))) return;
        for (const x of [3, -1, 12, 1000, -777]) {
          const at = (code: string) => Function('x', `return ${code}`)(x);
          expect(at(text)).toBe(at(problem.answer));
        }
      }),
      { numRuns: NUM_CASES },
    );
  });
});

test.each([
  ['equations', 'x+1=15', 'x=14', ['x=1 4', 'x=1\u30004', 'x=2 8/2', 'x=14,x=14', 'x=014', 'x=14.0', '14x']],
  ['equations', '2x+1=8', 'x=7/2', ['x=7/0', 'x=7/2/1', 'x=3½', 'x=3.5']],
  ['countdown', '3,5,7=26?', '7*3+5', ['3*7', '26', '3*7+5+0', '3*7+5*1', '37+5', '03*7+5', '3*7+5=26', '3**7+5']],
])('%s: of %s only %s', async (name, question, answer, wrong) => {
  const task = getTask(name);
  const problem = task.parse(question) as Problem;
  expect(problem.answer).toBe(answer);
  for (const text of wrong) {
    expect([text, await isRight(task, problem, text)]).toEqual([text, false]);
  }
});

test.each([
  ['chained_sums', '1-9', ['-8', '−8', '- 8', '－８', '– 8']],
  ['chained_sums', '1+7', ['8', '８', '+8', '+ 8', ' 8 ']],
  ['products', '3*4', ['12', '１２', '＋12']],
  ['countdown', '3,5,7=26?', ['3 * 7 + 5', '3×7+5', '3·7+5', '(７ × 3) ＋ 5', '5+3*7', '5 + (3 * 7)']],
  ['countdown', '3,5,7=9?', ['5+7-3', '-3+5+7', '5-(3-7)', '５ − （3 − 7）']],
  ['equations', 'x+8=0', ['x=-8', 'x = −8', '- 8', 'x＝－８', '-16/2', 'x=-16 / 2']],
  ['equations', '\\sqrt{x+3}=-2', ['\\varnothing', '\\emptyset', '∅']],
])('%s: of %s also %j', async (name, question, right) => {
  const task = getTask(name);
  const problem = task.parse(question) as Problem;
  for (const text of right) expect([text, await isRight(task, problem, text)]).toEqual([text, true]);
});
