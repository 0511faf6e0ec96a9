// What the process reward pays for: the steps that a question needs, and nothing that only looks like them.
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { rng } from '../lib/rng';
import { formatCompletion, parseCompletion } from '../tasks/completion';
import { readEquation, writeLinear } from '../tasks/equation';
import { allTasks, getTask } from '../tasks/registry';
import { readSteps } from '../tasks/steps';
import type { Difficulty, Problem, Task, ThinkingStyle } from '../tasks/task';
import { reward as process } from './kinds/process';
import type { Sample } from './reward';

vi.setConfig({ testTimeout: 60_000 });

const score = (problem: Problem, thinking: string): number => {
  const completion = parseCompletion(formatCompletion(thinking, '0'));
  return process.score({ problem, completion } as Sample) as number;
};

const hardest = (task: Task): Difficulty =>
  Object.fromEntries(task.dials.map(({ name, max }) => [name, name === 'radicals' ? 50 : max]));

const problems = (task: Task) =>
  fc.tuple(fc.nat(), fc.boolean()).map(([seed, isHard]) => {
    return task.generate(rng(seed, 'problem'), isHard && task.name !== 'mixture' ? hardest(task) : {});
  });
const PLAIN: ThinkingStyle = { language: 'en', selfCheck: false };
const styles: fc.Arbitrary<ThinkingStyle> = fc.record({
  language: fc.constantFrom('en', 'zh', 'mixed'),
  selfCheck: fc.boolean(),
});

const needsTwoSteps = (task: Task, problem: Problem) => (task.standing(problem.question)?.missing ?? 0) > 1;

/**
 * A problem that needs at least two steps, and a solution that makes no slip. Throws where the task has none, for which a
 * filter would search for ever.
 */
const solved = (task: Task) => {
  const first = Array.from({ length: 100 }, (_, seed) =>
    task.generate(rng(seed, 'problem'), task.name === 'mixture' ? {} : hardest(task)),
  );
  if (!first.some((problem) => needsTwoSteps(task, problem)))
    throw new Error(`${task.name} has no problem of two steps`);
  return fc
    .tuple(problems(task), fc.nat())
    .map(([problem, seed]) => ({ problem, thinking: task.think(problem, PLAIN, rng(seed, 'corpus')) }))
    .filter(({ problem }) => needsTwoSteps(task, problem));
};

/** Of such a question a step with zero may be its own. */
const hasZero = ({ question, answer }: Problem) => /(^|\D)0(\D|$)/.test(question.replace(/f\(\d\)/g, '') + answer);

const joined = (steps: readonly string[]) => steps.join(' then ');
const linesOf = (thinking: string) => readSteps(thinking).map(({ text }) => text);
/** The text with the last number of one step a little off. */
const slipped = (steps: readonly string[], at: number, by: number) =>
  steps
    .map((text, i) => (i === at ? text.replace(/-?\d+(?=\D*$)/, (number) => `${Number(number) + by}`) : text))
    .join('');

/** Steps in the place of thinking that have nothing to do with the question, or are none. */
const NONSENSE: readonly string[] = [
  '',
  ' then  wait  then ',
  '0+0=0',
  ' then 0+0=0',
  joined(Array(30).fill('0+0=0')),
  joined(Array.from({ length: 30 }, (_, i) => `${i}+0=${i}`)),
  joined(Array.from({ length: 30 }, (_, i) => `${i + 1000}-${i + 500}=500`)),
  joined(Array.from({ length: 30 }, (_, i) => `${i + 300}*1=${i + 300}`)),
  joined(Array(9).fill('x=x')),
  joined(Array.from({ length: 9 }, (_, i) => `x+${i}=x+${i}`)),
  joined(Array.from({ length: 9 }, (_, i) => `0x=${i}*0`)),
  joined(Array(9).fill('\\sqrt{0}=0')),
  joined(Array(9).fill('7=7')),
  'a9-8=2 then b1+3=4 then 4-7=-3c',
  '９－８=²',
  '0+0=0 wait 0+0=0 wait 0+0=0',
  'back back back',
];

/** Talk has no steps. */
const tasks = allTasks().filter(({ name }) => name !== 'small_talk');

describe.each(tasks.map((task) => [task.name, task] as const))('thinking about %s', (_, task) => {
  test('as its task does is worth all, in every style', () => {
    fc.assert(
      fc.property(problems(task), styles, fc.nat(), (problem, style, seed) => {
        expect(score(problem, task.think(problem, style, rng(seed, 'corpus')))).toBe(1);
      }),
      { numRuns: 1000 },
    );
  });

  test('with one slip is worth less than all, and more than nonsense', () => {
    fc.assert(
      fc.property(solved(task), fc.nat(), fc.constantFrom(-3, -2, -1, 1, 2, 3), (one, place, by) => {
        const steps = linesOf(one.thinking);
        const at = place % steps.length;
        const text = slipped(steps, at, by);
        fc.pre(text !== one.thinking && !/(^|\D)-0/.test(text));
        const worth = score(one.problem, text);
        expect(worth).toBeLessThan(1);
        expect(worth).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });

  test.each(NONSENSE)('with %j is worth nothing', (thinking) => {
    for (let seed = 0; seed < 100; seed++) {
      const problem = task.generate(rng(seed, 'problem'), {});
      if (hasZero(problem)) continue;
      // Of thirty steps one may hit what can be tried in an equation.
      const most = thinking.includes('29+0') ? 1 / 20 : 0;
      expect([problem.question, score(problem, thinking) <= most]).toEqual([problem.question, true]);
    }
  });

  test('stopped half way, or one step of it a hundred times, is worth that part', () => {
    fc.assert(
      fc.property(solved(task), fc.nat(), ({ problem, thinking }, place) => {
        const steps = linesOf(thinking);
        fc.pre(!/back|no/.test(thinking) && !hasZero(problem));
        const half = steps.slice(0, 1 + (place % (steps.length - 1))).join('');
        expect(score(problem, half)).toBeLessThan(1);
        const first = steps[0] as string;
        expect(score(problem, joined(Array(100).fill(first)))).toBeLessThanOrEqual(1 / 25);
        expect(score(problem, joined(Array(100).fill(first)))).toBeLessThanOrEqual(score(problem, first));
      }),
      { numRuns: 300 },
    );
  });

  test('with anything added that does not follow is worth less', () => {
    const extras = ['0+0=0', '1000+1=1001', '1000-1=998', 'a9-8=2', '5', 'x', '9-8', '=', '9-8=２²', '\u200b', '7+=1'];
    fc.assert(
      fc.property(solved(task), fc.nat(), fc.constantFrom(...extras), ({ problem, thinking }, place, extra) => {
        fc.pre(!hasZero(problem));
        const steps = linesOf(thinking);
        const at = place % (steps.length + 1);
        const before = steps.slice(0, at).join('');
        const padded = `${before} then ${extra} then ${steps.slice(at).join('')}`;
        expect(score(problem, padded)).toBeLessThan(1);
      }),
      { numRuns: 300 },
    );
  });

  test('as another question needs it is worth little', () => {
    let [sum, count] = [0, 0];
    for (let seed = 0; seed < 1000; seed++) {
      const [one, other] = [task.generate(rng(seed, 'problem'), {}), task.generate(rng(seed, 'reject'), {})];
      if (one.question === other.question) continue;
      sum += score(one, task.think(other, PLAIN, rng(seed, 'corpus')));
      count++;
    }
    expect(sum / count).toBeLessThan(0.12);
  });
});

test.each([
  ['chained_sums', '9-8+3-7=?', '9-8=1 then 1+3=4 then 4-7=-3'],
  ['products', '37*4=?', '30*4=120 then 7*4=28 then 120+28=148'],
])('%s: what %s needs may be written in any order and in other spellings', (name, question, thinking) => {
  const problem = getTask(name).parse(question) as Problem;
  for (const text of [
    thinking.replaceAll(' then ', '\n'),
    thinking.replaceAll(' then ', '; '),
    thinking.replaceAll(' then ', '，然后 '),
    thinking.replaceAll('-', '−').replaceAll('*', '×'),
    thinking.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    thinking.replace(/[-+*=]/g, ' $& '),
  ]) {
    expect([text, score(problem, text)]).toEqual([text, 1]);
  }
});

describe('dead ends of a countdown', () => {
  const problem = getTask('countdown').parse('3,5,7=26?') as Problem;

  test('are worth nothing, however many, and cost nothing', () => {
    const attempts = [
      '5+3=8 then 8+7=15',
      '5+3=8 then 8*7=56',
      '7+3=10 then 10+5=15',
      '7-3=4 then 5*4=20',
      '5-3=2 then 7*2=14',
    ];
    const worths = attempts.map((_, i) => score(problem, attempts.slice(0, i + 1).join(' back ')));
    expect(Math.max(...worths)).toBe(0);
    expect(score(problem, `${attempts[0]} back 7*3=21 then 21+5=26`)).toBe(1);
  });

  test('do not take from the steps before them that lead to the target', () => {
    expect(score(problem, '7*3=21 then 21-5=16')).toBe(1 / 2);
    expect(score(problem, '5+3=8 then 8+7=15 back 7*3=21 then 21-5=16')).toBe(1 / 2);
  });

  test('are what a slip makes that is chosen to reach the target', () => {
    for (const made of ['5+3=19 then 19+7=26', '5*3=19 then 19+7=26', '7/3=21 then 21+5=26', '5-3=26 then 26*7=26']) {
      expect([made, score(problem, made)]).toEqual([made, 0]);
    }
    expect(score(problem, '7*3=22 then 22+5=27')).toBe(1 / 4);
    expect(score(problem, '7*3=22 then 21+5=26')).toBe(1 / 4);
  });
});

describe('what leaps to the end', () => {
  test.each([
    ['equations', '3x+1=22', 'x=7'],
    ['equations', '3x+1=22', 'x=7 then 3x=21 then x=7'],
    ['equations', '\\sqrt{2x+6}=4', 'x=5'],
    ['equations', '\\sqrt{x+6}=x', 'x=3'],
    ['chained_sums', '9-8+3-7=?', '9-8+3-7=-3'],
    ['products', '37*4=?', '37*4=148'],
  ])('is worth nothing: %s of %s: %s', (name, question, thinking) => {
    expect(score(getTask(name).parse(question) as Problem, thinking)).toBe(0);
  });

  test('is worth nothing in part either', () => {
    expect(score(getTask('chained_sums').parse('9-8+3-7=?') as Problem, '9-8+3=4 then 4-7=-3')).toBe(1 / 3);
  });
});

describe('after a slip', () => {
  const sum = getTask('chained_sums').parse('9-8+3-7=?') as Problem;

  test.each([
    ['steps that follow from it are worth half', '9-8=2 then 2+3=5 then 5-7=-2', (0 + 1 / 2 + 1 / 2) / 3],
    ['and half again after another', '9-8=2 then 2+3=6 then 6-7=-1', (0 + 0 + 1 / 4) / 3],
    ['what came before is whole', '9-8=1 then 1+3=4 then 4-7=-4', 2 / 3],
    ['a step that takes it back is, too', '9-8=2 wait 9-8=1 then 1+3=4 then 4-7=-3', 1],
    ['steps on numbers from nowhere are no better', '9-8=1 then 1-1=0 then 0+3=3 then 3-3=0 then 0-7=-7', 1.75 / 5],
  ])('%s', (_, thinking, worth) => expect(score(sum, thinking)).toBeCloseTo(worth, 12));

  test('that makes the rest easy, no thinking is worth more than half', () => {
    for (const task of allTasks()) {
      for (let seed = 0; seed < 300; seed++) {
        const problem = task.generate(rng(seed, 'problem'), {});
        const needed = task.standing(problem.question)?.missing ?? 0;
        const steps = linesOf(task.think(problem, PLAIN, rng(seed, 'corpus')));
        const easy = steps.map((text) => text.replace(/=-?\d+$/, '=0')).join('');
        // Where an honest step ends in zero, that step is easy and right.
        if (needed < 2 || hasZero(problem) || !steps.every((text) => /=-?[1-9]\d*$/.test(text))) continue;
        expect([easy, score(problem, easy) < 1 / 2]).toEqual([easy, true]);
      }
    }
  });
});

describe('an equation is not solved', () => {
  const parse = (question: string) => getTask('equations').parse(question) as Problem;
  const sequence = (write: (i: number) => string) => joined(Array.from({ length: 60 }, (_, i) => write(i + 4)));

  test('by a first line that makes the rest easy', () => {
    const task = getTask('equations');
    let [sum, count] = [0, 0];
    for (let seed = 0; seed < 2000; seed++) {
      const problem = task.generate(rng(seed, 'problem'), {});
      const equation = readEquation(problem.question);
      if (!equation || equation.isXRight) continue;
      const { a, b, c, isRadical } = equation;
      const lines = [`${writeLinear(a, b)}=${b}`, ...(a === 1 ? [] : [`${a}x=0`]), 'x=0'];
      sum += score(problem, joined([...lines, ...(isRadical ? [`\\sqrt{${c * c}}=${Math.abs(c)}`] : [])]));
      count++;
    }
    expect(sum / count).toBeLessThan(0.15);
  });

  test.each([
    ['3x+1=22', '3x+1=1 then 3x=0 then x=0', 0],
    ['3x+1=22', '3x=0 then x=0', 0],
    ['3x+1=22', '3x=21=0 then x=0', 0],
    ['\\sqrt{2x+6}=4', '2x+6=6 then 2x=0 then x=0 try \\sqrt{16}=4', 0],
    ['\\sqrt{2x+6}=4', '2x+6=6 then 2x=6-6=0 then x=0/2=0 try \\sqrt{16}=4', 0],
    ['3x+1=22', '2x=14 then x=7', 0],
    ['3x+1=22', 'x^2=49 then x^3=343 then 7x=49 then x=7', 0],
    ['3x+1=22', '3x=22-1=0 then x=0/3=0', 0.25],
    ['\\sqrt{2x+6}=4', 'x+1=6 then 2x=10 then x=5 try \\sqrt{16}=4', 0.5],
    ['3x+1=22', `3x=22-1=21 then ${sequence((i) => `${i}x=${7 * i}`)} then x=7`, 0.04],
    ['3x+1=22', `3x=22-1=21 then ${sequence((i) => `x+${i}=${7 + i}`)} then x=7`, 0.04],
    ['3x+1=22', `3x=22-1=21 then ${sequence((i) => `3x=${21 + i}-${i}`)} then x=7`, 0.04],
    ['3x+1=22', `${sequence((i) => `3x=22-1=${21 + i}`)} then x=7`, 0.04],
  ])('of %s: %s', (question, thinking, most) => expect(score(parse(question), thinking)).toBeLessThanOrEqual(most));

  test.each([
    ['3x+1=22', '3x=22-1 then 3x=21 then x=21/3 then x=7'],
    ['3x+1=22', '22-1=21 then 3x=21 then 21/3=7 then x=7'],
    ['3x+1=22', '21=3x then 7=x'],
    ['-2x+9=3', '2x=6 then x=3'],
    ['\\sqrt{2x+6}=4', '2x+6=4^2 then 2x+6=16 then 2x=16-6=10 then x=10/2=5 try \\sqrt{10+6}=4'],
  ])('except by its own steps, each with its result on a line of its own: %s: %s', (question, thinking) => {
    expect(score(parse(question), thinking)).toBe(1);
  });

  test('any better for lines after the end, of whatever form', () => {
    const task = getTask('equations');
    fc.assert(
      fc.property(problems(task), fc.constantFrom('x', 'x+9', '9x', 'x^2', 'x-8'), fc.nat(), (problem, left, seed) => {
        const [answer] = problem.answer.match(/-?\d+$/) ?? [];
        fc.pre(answer !== undefined && !problem.answer.includes('/'));
        const root = Number(answer);
        const lines = Array.from({ length: 20 }, (_, i) => {
          const value = { x: root, 'x+9': root + 9, '9x': 9 * root, 'x^2': root ** 2, 'x-8': root - 8 }[left] as number;
          return `${left}=${value + i + 1}-${i + 1}`;
        });
        expect(score(problem, joined([task.think(problem, PLAIN, rng(seed, 'corpus')), ...lines]))).toBeLessThan(0.4);
      }),
      { numRuns: 300 },
    );
  });
});

test('tries after the target of a countdown is reached count against it', () => {
  const problem = getTask('countdown').parse('3,5,7=26?') as Problem;
  const found = '3*7=21 then 21+5=26';
  const more = ['3+5=8 then 8+7=15', '7+5=12 then 12+3=15', '5-3=2 then 2+7=9'];
  const worths = [[], more.slice(0, 1), more].map((tries) => score(problem, [found, ...tries].join(' back ')));
  expect(worths).toEqual([1, 0.5, 0.25]);
  expect(score(problem, [...more, found].join(' back '))).toBe(1);
});

test('a step may be corrected twice; then each guess counts against it', () => {
  const problem = getTask('chained_sums').parse('9-8+3-7=?') as Problem;
  const guessed = (guesses: number) => {
    const wrong = Array.from({ length: guesses }, (_, i) => `9-8=${i + 2} wait `).join('');
    return score(problem, `${wrong}9-8=1 then 1+3=4 then 4-7=-3`);
  };
  expect([0, 1, 2].map(guessed)).toEqual([1, 1, 1]);
  expect(guessed(3)).toBe(3 / 4);
  expect(guessed(50)).toBeLessThan(0.1);
});
