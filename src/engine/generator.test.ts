import { expect, test } from 'vitest';
import { paceFor } from './generator';

test('quick steps, and those of unknown length, are looked at once in eight', () => {
  for (const stepMs of [undefined, 0, 0.2, 1]) expect(paceFor(stepMs)).toEqual({ stepsPerLook: 8, stepsAhead: 4 });
});

test('the slower a step, the more often it is looked at, always with something left to do meanwhile', () => {
  expect(paceFor(3)).toEqual({ stepsPerLook: 4, stepsAhead: 2 });
  expect(paceFor(7)).toEqual({ stepsPerLook: 2, stepsAhead: 1 });
  expect(paceFor(1000)).toEqual({ stepsPerLook: 1, stepsAhead: 1 });
});
