import { describe, expect, test } from 'vitest';
import { task as chainedSums } from './kinds/chainedSums';
import { allTasks, findProblem, findTask, getTask } from './registry';
import type { TaskText } from './task';

describe('the registry', () => {
  test('finds tasks by name', () => {
    expect(getTask('chained_sums')).toBe(chainedSums);
    expect(allTasks()).toContain(chainedSums);
    expect(findTask('chess')).toBeUndefined();
  });

  test('names an unknown task along with the known ones', () => {
    const names = allTasks().map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(['chained_sums', 'products']);
    expect(names.at(-1)).toBe('mixture');
    expect(() => getTask('chess')).toThrow(`There is no task named "chess". Use one of: ${names.join(', ')}.`);
  });

  test('says what each task and each dial is called, in both languages, and names no dial that there is not', () => {
    const HAN = /\p{Script=Han}/u;
    for (const { about, dials } of allTasks()) {
      for (const text of [about.en.label, about.en.knows, ...dials.map(({ label }) => label.en)]) {
        expect(text).toMatch(/^([a-z]|\{\{tasks\}\}$)/i);
      }
      for (const text of [about.zh.label, about.zh.knows, ...dials.map(({ label }) => label.zh)])
        if (text !== '{{tasks}}') expect(text).toMatch(HAN);
      const names = dials.map(({ name }) => name.replace(/^(min|max)_(terms|digits|heaps)$/, '$2'));
      if (dials.some(({ name }) => findTask(name))) names.push('tasks');
      for (const { knows, size = '' } of [about.en, about.zh] as readonly TaskText[]) {
        const inserts = [...`${knows} ${size}`.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
        expect(names).toEqual(expect.arrayContaining(inserts));
      }
    }
  });

  test('finds the problem that a person typed', () => {
    expect(findProblem('1+2')).toEqual({ task: 'chained_sums', question: '1+2=?', answer: '3' });
    expect(findProblem('12×3')).toMatchObject({ task: 'products', question: '12*3=?', answer: '36' });
    expect(findProblem('2x + 3 = 11')).toMatchObject({ task: 'equations', question: '2x+3=11', answer: 'x=4' });
    expect(findProblem('3, 5, 7 = 26')).toMatchObject({ task: 'countdown', question: '3,5,7=26?' });
    expect(findProblem('2, 5, 8')).toEqual({ task: 'sequences', question: '2,5,8,?', answer: '11' });
    for (const text of ['why?', '2, 5, 9', '2, 2, 2']) expect(findProblem(text)).toBeUndefined();
  });
});
