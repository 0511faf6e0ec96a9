import { describe, expect, it } from 'vitest';
import { rng } from '../lib/rng';
import { completeDifficulty } from '../tasks/difficulty';
import { findProblemSet, taskOfSet } from '../tasks/own/problemSet';
import { allTasks, getTask } from '../tasks/registry';
import { isHeldOut, sampleProblem } from '../tasks/split';
import { distinctProblems } from './problems';
import { TOLD_TASKS } from './prompts';

const sourceOf = (name: string) => {
  const task = getTask(name);
  return { task, difficulty: completeDifficulty(task.dials, {}), seed: 7, numPrompts: 4 };
};

describe('the problems of a job', () => {
  it.each(allTasks().map(({ name }) => name))('of %s are each once, and on their side of the split', (name) => {
    for (const split of ['train', 'held-out'] as const) {
      const problems = distinctProblems(sourceOf(name), split, 50);
      expect(problems.length).toBeGreaterThan(5);
      expect(new Set(problems.map(({ question }) => question)).size).toBe(problems.length);
      for (const problem of problems) expect(isHeldOut(problem)).toBe(split === 'held-out');
    }
  });

  it('begin with the questions of the run’s first step', () => {
    const source = sourceOf('mixture');
    const first = Array.from({ length: 4 }, (_, i) =>
      sampleProblem(source.task, source.difficulty, 'train', rng(7, 'problem', 0, i)),
    );
    expect(distinctProblems(source, 'train', 4)).toEqual(first);
  });

  it('are all that a small set has', () => {
    const problems = Array.from({ length: 40 }, (_, i) => ({ question: `${i}?`, answer: `${i}`, rule: 'number' }));
    const set = findProblemSet({ name: 'mine', problems });
    const source = { task: taskOfSet(set as NonNullable<typeof set>), difficulty: {}, seed: 1, numPrompts: 2 };
    const [train, heldOut] = (['train', 'held-out'] as const).map((split) => distinctProblems(source, split, 1000));
    expect((train?.length ?? 0) + (heldOut?.length ?? 0)).toBe(40);
    expect(train?.[0]?.rule).toBe('number');
  });

  it('are none where a task has none on that side', () => {
    const set = findProblemSet({ name: 'one', problems: [{ question: 'a', answer: 'b', rule: 'exact' }] });
    const source = { task: taskOfSet(set as NonNullable<typeof set>), difficulty: {}, seed: 1, numPrompts: 2 };
    expect(
      [distinctProblems(source, 'train', 3).length, distinctProblems(source, 'held-out', 3).length].sort(),
    ).toEqual([0, 1]);
  });
});

it('every task’s answers are explained to another base', () => {
  expect([...TOLD_TASKS].sort()).toEqual(
    allTasks()
      .flatMap(({ name }) => (name === 'mixture' ? [] : name))
      .sort(),
  );
});
