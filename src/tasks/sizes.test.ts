import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Known } from './known';
import { allTasks, getTask } from './registry';
import { allGrids, cellKey, cellProblems, cellsOf, isTrainedOn } from './sizes';
import { isHeldOut } from './split';

const sums: Known = { task: 'chained_sums', difficulty: { min_terms: 4, max_terms: 8, max_number: 9 } };
const place = (row: number | string, column: number | string, task = 'chained_sums') => ({ task, row, column });
const cells = allGrids().flatMap(cellsOf);

describe('problems by size', () => {
  it('are there of every task but the mixture, each cell once', () => {
    const single = allTasks().filter(({ name }) => name !== 'mixture');
    expect(allGrids().map(({ task }) => task)).toEqual(single.map(({ name }) => name));
    expect(new Set(cells.map(cellKey)).size).toBe(cells.length);
  });

  it('are held out, of their task, no two alike, and the first ones the same however many are wanted', () => {
    fc.assert(
      fc.property(fc.constantFrom(...cells), fc.integer({ min: 1, max: 6 }), (cell, count) => {
        const problems = cellProblems(cell, count);
        expect(problems.length).toBeGreaterThan(0);
        expect(problems.length).toBeLessThanOrEqual(count);
        const texts = problems.map(({ canonical, question }) => canonical ?? question);
        expect(new Set(texts).size).toBe(texts.length);
        for (const problem of problems) {
          expect(isHeldOut(problem)).toBe(true);
          expect(getTask(cell.task).parse(problem.question)).toEqual(problem);
        }
        expect(cellProblems(cell, count + 3).slice(0, problems.length)).toEqual(problems);
      }),
      { numRuns: 25 },
    );
  });

  it('of sums have as many terms, and the largest number as many digits, as their cell says', () => {
    for (const cell of cells.filter(({ task }) => task === 'chained_sums')) {
      for (const { question } of cellProblems(cell, 5)) {
        const numbers = question.match(/\d+/g) ?? [];
        expect(numbers).toHaveLength(Number(cell.row));
        expect(Math.max(...numbers.map(({ length }) => length))).toBe(cell.column);
      }
    }
  });

  it.each([
    [place(4, 1), true],
    [place(8, 1), true],
    [place(3, 1), false],
    [place(9, 1), false],
    [place(4, 2), false],
    [place('any', 3, 'products'), false],
  ])('of a model that learnt sums of 4 to 8 digits: %j is what it was trained on: %s', (cell, isInside) => {
    expect(isTrainedOn(cell, [sums])).toBe(isInside);
  });

  it('of a model of a mixture go by what its members were set to', () => {
    const mixture: Known = {
      task: 'mixture',
      difficulty: { chained_sums: 1, products: 0, 'chained_sums.min_terms': 2, 'chained_sums.max_number': 99 },
    };
    expect(isTrainedOn(place(2, 2), [mixture])).toBe(true);
    expect(isTrainedOn(place(2, 3), [mixture])).toBe(false);
    expect(isTrainedOn(place('any', 3, 'products'), [mixture])).toBe(false);
    expect(isTrainedOn(place('linear', 6, 'equations'), [mixture])).toBe(true);
    expect(isTrainedOn(place('linear', 20, 'equations'), [mixture])).toBe(false);
  });
});
