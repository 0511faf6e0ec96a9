import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runName } from './runName';

it('a name is an adjective, an animal and a number from 1 to 99', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (seed) => {
      expect(runName(seed)).toMatch(/^[a-z]+-[a-z]+-[1-9][0-9]?$/);
    }),
  );
});

it('a seed keeps its name', () => {
  expect(runName(42)).toBe('bright-rabbit-6');
});

it('neighbouring seeds, and seeds that differ above 32 bits, have names of their own', () => {
  const names = new Set(Array.from({ length: 200 }, (_, seed) => [runName(seed), runName(seed + 2 ** 40)]).flat());
  expect(names.size).toBeGreaterThan(395);
});
