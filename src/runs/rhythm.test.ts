import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSaveDue } from './rhythm';

/** The steps after which a run of so many steps is saved. */
function saves(steps: number, every: number): number[] {
  const saved: number[] = [];
  for (let step = 1; step <= steps; step++) if (isSaveDue(step, saved.at(-1), every)) saved.push(step);
  return saved;
}

test('the first saves come early, then every so many steps', () => {
  expect(saves(60, 25)).toEqual([1, 2, 4, 8, 16, 25, 50]);
  expect(saves(4, 1)).toEqual([1, 2, 3, 4]);
  expect(saves(100, 0)).toEqual([]);
});

test('whenever a run ends, it has lost less than the steps between saves, and at most half of what it did', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 100 }), (steps, every) => {
      const last = saves(steps, every).at(-1) ?? 0;
      expect(steps - last).toBeLessThan(every);
      expect(steps - last).toBeLessThanOrEqual(steps / 2);
    }),
  );
});
