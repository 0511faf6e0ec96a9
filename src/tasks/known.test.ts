import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rng } from '../lib/rng';
import { examplesOf, type Known, nearestExample, reachOf } from './known';
import { allTasks, getTask } from './registry';

const sums = (min_terms = 4, max_terms = 8, max_number = 9): Known => ({
  task: 'chained_sums',
  difficulty: { min_terms, max_terms, max_number },
});

/** Difficulties at each end of every dial, as far as the task has problems there. */
function difficultiesOf(task: ReturnType<typeof getTask>) {
  const ends = task.dials.flatMap(({ name, min, max, isFine }) => (isFine ? [] : [{ [name]: min }, { [name]: max }]));
  return [{}, ...ends].filter((difficulty) => {
    try {
      return task.generate(rng(1, 'problem'), difficulty) !== undefined;
    } catch {
      return false;
    }
  });
}

describe('where a question lies from what a model knows', () => {
  test.each([
    ['8-9+1-6', 'inside'],
    ['8 − 9 + 1 − 6 = ?', 'inside'],
    ['2+2', 'near'],
    ['9+9+9+9+9+9+9+9+9', 'near'],
    ['12+1+1+1', 'near'],
    ['-1+2+3+4', 'near'],
    ['12*13', 'outside'],
    ['(3+4)*2', 'outside'],
    ['hello', 'outside'],
    ['', 'outside'],
    ['9-8+'.repeat(1250).concat('1'), 'tooLong'],
  ])('of sums of 4 to 8 digits: %s is %s', (question, reach) => {
    expect(reachOf(question, [sums()])).toBe(reach);
  });

  test('is the best of several tasks', () => {
    const products: Known = { task: 'products', difficulty: {} };
    expect(reachOf('12*3', [sums(), products])).toBe('inside');
    expect(reachOf('12*13', [sums(), products])).toBe('near');
    expect(reachOf('12*13', [{ task: 'mixture', difficulty: {} }])).toBe('near');
    expect(reachOf('12*3', [{ task: 'mixture', difficulty: { products: 0 } }])).toBe('near');
  });

  test.each(allTasks().map(({ name }) => name))('every problem made of %s is inside, at every difficulty', (name) => {
    const task = getTask(name);
    for (const difficulty of difficultiesOf(task)) {
      fc.assert(
        fc.property(fc.nat(), (seed) => {
          const { question } = task.generate(rng(seed, 'problem'), difficulty);
          expect([question, difficulty, reachOf(question, [{ task: name, difficulty }])]).toEqual([
            question,
            difficulty,
            'inside',
          ]);
        }),
        { numRuns: 200 },
      );
    }
  });

  test('a problem of a harder setting is not inside an easier one', () => {
    expect(reachOf('100*99', [{ task: 'products', difficulty: {} }])).toBe('near');
    expect(reachOf('3,5,7,2=29', [{ task: 'countdown', difficulty: {} }])).toBe('near');
    expect(reachOf('9x+1=100', [{ task: 'equations', difficulty: {} }])).toBe('near');
    expect(reachOf('\\sqrt{4x-31}=1', [{ task: 'equations', difficulty: { radicals: 0, max_coefficient: 9 } }])).toBe(
      'near',
    );
    expect(reachOf('f(0)=0,f(1)=20,f(2)=40', [{ task: 'programs', difficulty: {} }])).toBe('near');
  });
});

describe('examples of what a model knows', () => {
  test.each(allTasks().map(({ name }) => name))('of %s are inside it, at every difficulty', (name) => {
    for (const difficulty of difficultiesOf(getTask(name))) {
      const known = { task: name, difficulty };
      const examples = examplesOf(known);
      expect([difficulty, examples.length > 0]).toEqual([difficulty, true]);
      for (const example of examples) expect([example, reachOf(example, [known])]).toEqual([example, 'inside']);
    }
  });

  test('the nearest is of the question’s task and size', () => {
    expect(nearestExample('2+2', [sums()])).toBe('7-4+4-5=?');
    expect(nearestExample('9+9+9+9+9+9+9+9+9', [sums()])).toBe('4-8+3+1+1+2+8+9=?');
    expect(nearestExample('hello', [sums()])).toBe('7-4+4-5=?');
    expect(nearestExample('12*13', [sums(), { task: 'products', difficulty: {} }])).toMatch(/\*/);
    expect(nearestExample('2+2', [sums(2, 3, 1)])).toMatch(/^[01]([+-][01]){1,2}=\?$/);
    expect(nearestExample('2+2', [])).toBeUndefined();
  });

  test('of a mixture the nearest is of the question’s task, at the size at which the mixture has it', () => {
    const mixture: Known = {
      task: 'mixture',
      difficulty: { chained_sums: 1, products: 1, word_problems: 1, small_talk: 1 },
    };
    expect(nearestExample('1000*2000', [mixture])).toMatch(/^\d+\*\d+=\?$/);
    expect(nearestExample('1+1', [mixture])).toMatch(/^\d[-+\d]*=\?$/);
    const story = nearestExample('小强有9个西瓜，又买了5个，他有多少个西瓜？', [mixture]);
    expect(getTask('word_problems').parse(story ?? '')).toBeDefined();
    expect(story).toMatch(/\p{Script=Han}/u);
  });
});
