// What must hold of every task, the mixture included, on many problems at every difficulty.
import fc from 'fast-check';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { type Rng, rng } from '../lib/rng';
import { createNodeSandbox } from '../sandbox/nodeSandbox';
import { computedMs } from '../testing/machineLoad';
import { buildTokenizerJson } from '../tokenizer/build';
import { createTokenizer } from '../tokenizer/tokenizer';
import { formatCompletion, parseCompletion, TAGS } from './completion';
import { corpusSettings, document } from './corpus';
import { allTasks, findProblem, getTask } from './registry';
import { isHeldOut, sampleProblem } from './split';
import { languageShare, splitSteps } from './steps';
import type { Difficulty, Problem, Task, ThinkingStyle } from './task';

/** Programs are judged in the sandbox, which takes a hundred times as long as arithmetic. */
const numCases = ({ name }: Task) => (name === 'programs' ? 1500 : 10_000);
// Each takes seconds; a machine with other work may take several times as long.
vi.setConfig({ testTimeout: 60_000 });
/** Room beside the prompt in the positions that a task's GRPO run is given at most (max_completion_length). */
const MAX_COMPLETION_TOKENS = 128;

const sandbox = createNodeSandbox();
afterAll(() => sandbox.close());

const stream = (seed: number): Rng => rng(seed, 'problem');

/** Any setting of the dials that the task accepts: a least is never set above its most. */
function difficulties(task: Task): fc.Arbitrary<Difficulty> {
  const dials = fc.record(Object.fromEntries(task.dials.map(({ name, min, max }) => [name, fc.integer({ min, max })])));
  const fit = (drawn: Difficulty): Difficulty => {
    const lifted = Object.entries(drawn).map(([name, value]) => {
      const least = drawn[name.replace('max_', 'min_')] ?? value;
      return [name, Math.max(value, /(^|\.)max_/.test(name) ? least : value)];
    });
    return Object.fromEntries(lifted);
  };
  const weights = task.dials.filter((dial) => !dial.isFine);
  const isMade = (drawn: Difficulty) => task.name !== 'mixture' || weights.some(({ name }) => drawn[name] !== 0);
  return fc.oneof(fc.constant({}), dials.map(fit).filter(isMade));
}

const problems = (task: Task) =>
  fc.tuple(fc.nat(), difficulties(task)).map(([seed, difficulty]) => task.generate(stream(seed), difficulty));
const styles: fc.Arbitrary<ThinkingStyle> = fc.record({
  language: fc.constantFrom('en', 'zh', 'mixed'),
  selfCheck: fc.boolean(),
});

const isRight = async (task: Task, problem: Problem, answer: string | undefined) =>
  (await task.verify(problem, answer, sandbox)).correct;

const HOSTILE = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary' }) },
  {
    weight: 4,
    arbitrary: fc
      .array(
        fc.constantFrom(
          'x=',
          'x',
          '\\sqrt{',
          '}',
          '(',
          ')',
          '+',
          '-',
          '*',
          '/',
          '^',
          ',',
          '=',
          '9',
          '0',
          ' ',
          '\0',
          '²',
          '٣',
          '𝟜',
          ...TAGS,
        ),
        { maxLength: 30 },
      )
      .map((parts) => parts.join('')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      '[object Object]',
      'undefined',
      'null',
      'NaN',
      'Infinity',
      '1e999',
      '0x10',
      '-',
      '--1',
      '+',
      '1_000',
      '1.0',
      '',
      ' ',
      '\n',
      '\0',
      '\u202e1',
      '\ud800',
      '9^9^9^9^9',
      '(9^8)^8',
      '1/0',
      'x=1/0',
      '0/0',
      '\\sqrt{-1}',
      'x=x',
      'x=?',
      '?',
      'while(1);',
      'process.exit()',
    ),
  },
);

/** Too long to be made anew ten thousand times. */
const ENORMOUS = [
  '9'.repeat(1e5 + 1),
  '('.repeat(1e5 + 1),
  `${'('.repeat(1e5)}1${')'.repeat(1e5)}`,
  '-'.repeat(1e5),
  '1+'.repeat(1e5),
  ' '.repeat(1e5),
  ' x'.repeat(1e5),
  ', '.repeat(1e5),
  'x=1,'.repeat(1e5),
  '\\sqrt{'.repeat(1e5),
  `${'\\sqrt{'.repeat(1e5)}4${'}'.repeat(1e5)}`,
  '9^'.repeat(1e5),
  '=?'.repeat(1e5),
  '等等 wait '.repeat(1e5),
  '然'.repeat(1e5),
  '\0'.repeat(1e5),
  '1+1=2;'.repeat(2e4),
  `${' '.repeat(1e5)}then`,
  `1${'.'.repeat(1e5)}x`,
];

describe.each(allTasks().map((task) => [task.name, task] as const))('%s', (_, task) => {
  test('passes its own answers, and reads each question back as the problem it was made from', async () => {
    await fc.assert(
      fc.asyncProperty(problems(task), async (problem) => {
        expect(await isRight(task, problem, problem.answer)).toBe(true);
        expect(await isRight(task, problem, ` ${problem.answer}\n`)).toBe(true);
        expect(task.parse(problem.question)).toEqual(problem);
      }),
      { numRuns: numCases(task) },
    );
  });

  test('thinks in steps that are right but for the slips it puts right, in the language asked for', () => {
    fc.assert(
      fc.property(problems(task), styles, fc.nat(), (problem, style, seed) => {
        const thinking = task.think(problem, style, stream(seed));
        const steps = splitSteps(thinking, { question: problem.question });
        const slips = steps.flatMap(({ mark }, index) => (mark === 'wrong' ? [index] : []));
        expect(slips.length).toBeLessThanOrEqual(style.selfCheck ? 1 : 0);
        for (const slip of slips) expect(steps[slip + 1]?.text).toMatch(/^( wait |等等)/);
        const others = steps.filter(({ mark }) => mark !== 'right' && mark !== 'wrong' && mark !== undefined);
        expect(others).toEqual([]);
        const needed = task.standing(problem.question)?.missing ?? 0;
        expect(steps.filter(({ mark }) => mark === 'right').length).toBeGreaterThanOrEqual(Math.min(1, needed));
        expect(steps.map(({ text }) => text).join('')).toBe(thinking);
        const { en, zh } = languageShare(thinking);
        if (style.language === 'en') expect(zh).toBe(0);
        if (style.language === 'zh') expect(en).toBe(0);
      }),
      { numRuns: numCases(task) },
    );
  });

  test('blunders without fail, and is wrong then', async () => {
    let numRight = 0;
    await fc.assert(
      fc.asyncProperty(problems(task), fc.nat(), async (problem, seed) => {
        if (await isRight(task, problem, task.blunder(problem, stream(seed)))) numRight++;
      }),
      { numRuns: numCases(task) },
    );
    expect(numRight).toBeLessThan(0.01 * numCases(task));
  });

  test('gives nothing for malformed and hostile answers, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(problems(task), HOSTILE, async (problem, answer) => {
        const wrong = `${answer}#`;
        expect(await isRight(task, problem, wrong)).toBe(false);
        await task.verify(problem, parseCompletion(formatCompletion(answer, answer)).answer, sandbox);
        splitSteps(answer, { question: problem.question });
        task.parse(answer);
      }),
      { numRuns: numCases(task) },
    );
    expect(await isRight(task, task.generate(stream(0), {}), undefined)).toBe(false);
  });

  test('gives nothing for enormous answers, within a moment', async () => {
    const problem = task.generate(stream(1), {});
    const startMs = computedMs();
    for (const text of ENORMOUS) {
      expect(await isRight(task, problem, text)).toBe(false);
      parseCompletion(formatCompletion(text, text));
      splitSteps(text, { question: problem.question });
      languageShare(text);
      task.parse(text);
    }
    // Quadratic time would take minutes.
    expect(computedMs() - startMs).toBeLessThan(5000);
  });

  test('has some hundred problems to train on at its defaults, and dozens held out', () => {
    const seen = new Map<string, boolean>();
    for (let seed = 0; seed < 3000; seed++) {
      const problem = task.generate(stream(seed), {});
      seen.set(problem.canonical ?? problem.question, isHeldOut(problem));
    }
    const numHeldOut = [...seen.values()].filter(Boolean).length;
    expect(numHeldOut).toBeGreaterThan(60);
    expect(seen.size - numHeldOut).toBeGreaterThan(500);
  });

  test('never trains on what is held out, in documents or in samples', () => {
    const settings = corpusSettings();
    const heldOut = new Set<string>();
    const keyOf = ({ task: name, canonical, question }: Problem) => `${name}:${canonical ?? question}`;
    for (let i = 0; i < 1000; i++) heldOut.add(keyOf(sampleProblem(task, {}, 'held-out', rng(0, 'evaluate', i))));
    for (let i = 0; i < 3000; i++) {
      const { question } = document(task, {}, settings, rng(1, 'corpus', i));
      const read = task.parse(question);
      for (const problem of [read as Problem, sampleProblem(task, {}, 'train', rng(2, 'problem', i))]) {
        expect(isHeldOut(problem)).toBe(false);
        expect(heldOut).not.toContain(keyOf(problem));
      }
    }
  });

  test('splits at every setting of a single dial', () => {
    for (const { name, min, max } of task.name === 'mixture' ? [] : task.dials) {
      for (const value of [min, max]) {
        const twin = name.startsWith('min_') ? name.replace('min_', 'max_') : name.replace('max_', 'min_');
        const difficulty = task.dials.some((dial) => dial.name === twin)
          ? { [name]: value, [twin]: value }
          : { [name]: value };
        for (const split of ['train', 'held-out'] as const) {
          expect(isHeldOut(sampleProblem(task, difficulty, split, stream(3)))).toBe(split === 'held-out');
        }
      }
    }
  });

  test('writes documents with its own vocabulary that fit the room of a run', () => {
    const tokenizer = createTokenizer(buildTokenizerJson([task]));
    for (let seed = 0; seed < 2000; seed++) {
      const draw = stream(seed);
      const problem = task.generate(draw, {});
      const thinking = task.think(problem, { language: 'mixed', selfCheck: true }, draw);
      const ids = tokenizer.encode(formatCompletion(thinking, problem.answer));
      expect(ids.length + 1).toBeLessThanOrEqual(MAX_COMPLETION_TOKENS);
      expect(tokenizer.decode(ids)).toBe(formatCompletion(thinking, problem.answer));
      expect(tokenizer.encodePrompt(problem.question).length).toBeLessThanOrEqual(64);
    }
  });

  test('shows as examples questions that training never sees', () => {
    expect(task.examples.length).toBeGreaterThan(0);
    for (const question of task.examples) {
      const problem = task.parse(question);
      expect(problem?.question).toBe(question);
      expect(problem && isHeldOut(problem), `${question} is held out`).toBe(true);
    }
  });
});

test.each([
  ['37*4=?', '4*37=?'],
  ['8,5,2=15?', '2,8,5=15?'],
  ['24*5', '5 × 24'],
])('%s and %s are on the same side of the split', (one, other) => {
  const [a, b] = [findProblem(one), findProblem(other)] as [Problem, Problem];
  expect(a.question).not.toBe(b.question);
  expect(a.canonical).toBe(b.canonical);
  expect(isHeldOut(a)).toBe(isHeldOut(b));
});

test('a mixture draws its tasks by their weights, and none where all are 0', () => {
  const mixture = getTask('mixture');
  const names = mixture.dials.flatMap((dial) => (dial.isFine ? [] : dial.name));
  const weights = (by: Difficulty) => ({ ...Object.fromEntries(names.map((name) => [name, 0])), ...by });
  const count = new Map<string, number>();
  for (let seed = 0; seed < 2000; seed++) {
    const { task } = mixture.generate(stream(seed), weights({ products: 1, equations: 3 }));
    count.set(task, (count.get(task) ?? 0) + 1);
  }
  expect([...count.keys()].sort()).toEqual(['equations', 'products']);
  // 2000 draws at a quarter: 500, standard deviation 19.
  expect(Math.abs((count.get('products') ?? 0) - 500)).toBeLessThan(80);
  // By themselves only those tasks are drawn that were in it from the beginning.
  const drawn = new Set(Array.from({ length: 200 }, (_, seed) => mixture.generate(stream(seed), {}).task));
  expect([...drawn].sort()).toEqual(['chained_sums', 'countdown', 'equations', 'products', 'programs']);
  expect(() => mixture.generate(stream(0), weights({}))).toThrow('Every task of the mixture has the weight 0.');
});

test('a mixture draws each task at the difficulty that is given for it', () => {
  const mixture = getTask('mixture');
  const difficulty = { word_problems: 2, 'word_problems.chinese': 100, 'chained_sums.max_terms': 9 };
  const drawn = Array.from({ length: 500 }, (_, seed) => mixture.generate(stream(seed), difficulty));
  const stories = drawn.filter(({ task }) => task === 'word_problems');
  expect(stories.length).toBeGreaterThan(50);
  for (const { question } of stories) expect(question).toMatch(/\p{Script=Han}/u);
  expect(drawn.some((problem) => /^(\d[+-]){8}\d=/.test(problem.question))).toBe(true);
  for (const problem of drawn) expect(mixture.isWithin(problem, difficulty)).toBe(true);
  expect(() => mixture.generate(stream(0), { 'word_problems.max_terms': 3 })).toThrow('no difficulty dial named');
});

test('no question of a task is one of another task', () => {
  const single = allTasks().filter(({ name }) => name !== 'mixture');
  for (const task of single) {
    for (let seed = 0; seed < 1000; seed++) {
      const { question } = task.generate(stream(seed), {});
      expect([question, single.filter((one) => one.parse(question)).map(({ name }) => name)]).toEqual([
        question,
        [task.name],
      ]);
    }
  }
});
