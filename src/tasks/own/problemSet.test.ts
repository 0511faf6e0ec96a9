import { afterAll, afterEach, expect, it } from 'vitest';
import { rng } from '../../lib/rng';
import { createNodeSandbox } from '../../sandbox/nodeSandbox';
import { addOwnTask, findProblem, findTask, getTask, removeOwnTask } from '../registry';
import { sampleProblem } from '../split';
import { findProblemSet, isOwnTask, type ProblemSet, splitOf, taskOfSet } from './problemSet';

const problems = Array.from({ length: 80 }, (_, i) => ({
  question: `double ${i}`,
  answer: `${2 * i}`,
  rule: 'number',
}));
const setOf = (value: unknown) => findProblemSet(value) as ProblemSet;
const set = setOf({ name: 'Doubles', problems });

const sandbox = createNodeSandbox();

afterEach(() => removeOwnTask(set.id));
afterAll(() => sandbox.close());

it('a set is told from its problems, not from its name', () => {
  expect(setOf({ name: 'Other', problems }).id).toBe(set.id);
  expect(setOf({ name: 'Doubles', problems: problems.slice(1) }).id).not.toBe(set.id);
  expect(isOwnTask(set.id)).toBe(true);
});

it('what is no set is none', () => {
  for (const value of [
    undefined,
    { name: 'x', problems: [] },
    { name: '', problems },
    { name: 'x', problems: [{ question: 'a', answer: 'b', rule: 'number' }] },
  ])
    expect(findProblemSet(value)).toBeUndefined();
});

it('every problem stays on its side of the split when the set grows', () => {
  const grown = setOf({ name: 'Doubles', problems: [...problems, { question: 'new', answer: '1', rule: 'exact' }] });
  const sideOf = (one: ProblemSet) => {
    const task = taskOfSet(one);
    return new Set(
      Array.from({ length: 400 }, (_, i) => sampleProblem(task, {}, 'held-out', rng(i, 'problem')).question),
    );
  };
  const before = sideOf(set);
  expect([...before].filter((question) => !sideOf(grown).has(question))).toEqual([]);
  expect(splitOf(set)).toEqual({ train: 80 - before.size, heldOut: before.size });
});

it('its task judges its own problems, and is found by its name and by what is asked', async () => {
  const task = taskOfSet(set);
  addOwnTask(task);
  expect(getTask(set.id)).toBe(task);
  const problem = findProblem('  double   7 ');
  expect(problem).toMatchObject({ task: set.id, answer: '14' });
  if (problem === undefined) throw new Error('not found');
  expect(await task.verify(problem, ' 14.0 ', sandbox)).toMatchObject({ correct: true });
  expect(await task.verify(problem, '15', sandbox)).toMatchObject({ correct: false, expected: '14' });
  removeOwnTask(set.id);
  expect(findTask(set.id)).toBeUndefined();
});

it('a question of a known task is asked as models were trained to read it', () => {
  const task = taskOfSet(setOf({ name: 'Sums', problems: [{ question: '７ - 4 + 1', answer: '4', rule: 'number' }] }));
  expect(task.parse('７ - 4 + 1')?.question).toBe('7-4+1=?');
  for (const typed of ['7-4+1=?', '7 - 4+1', '７-4+1']) expect(task.parse(typed)?.answer).toBe('4');
  expect(task.standing('7-4+1=?')?.missing).toBe(2);
});
