import { expect, test } from 'vitest';
import { paceFor } from './generator';

test('four steps are made ahead where a step is quick, or nothing is known of it', () => {
  for (const stepMs of [undefined, 0, 0.2, 1]) expect(paceFor(stepMs)).toEqual({ stepsPerLook: 8, stepsAhead: 4 });
});

test('the slower a step, the fewer are made ahead, but never none', () => {
  expect([1.5, 2, 5, 1000].map((stepMs) => paceFor(stepMs).stepsAhead)).toEqual([3, 2, 1, 1]);
});
