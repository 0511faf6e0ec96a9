import { describe, expect, it } from 'vitest';
import { deviceChangeText, goneOnWith } from './devices';

const card = { kind: 'gpu', name: 'a card' } as const;
const cpu = (threads: number, form: 'simd' | 'relaxed' = 'simd') =>
  ({ kind: 'cpu', name: 'processor', cpu: { threads, threadLimit: 'cores', form } }) as const;

describe('a training that goes on', () => {
  const begun = goneOnWith([], 0, cpu(2));

  it('on the same device is on one, whatever its threads', () => {
    expect(begun).toEqual([{ afterStep: 0, kind: 'cpu', name: 'processor (simd)' }]);
    expect(goneOnWith(begun, 7, cpu(8))).toBe(begun);
    expect(deviceChangeText(begun, 0)).toBeUndefined();
  });

  it.each([card, cpu(2, 'relaxed')])('on another has a stretch there from its step on, and says so: %o', (other) => {
    const moved = goneOnWith(begun, 7, other);
    expect(moved.map(({ afterStep }) => afterStep)).toEqual([0, 7]);
    expect(deviceChangeText(moved, 7)).toMatch(/^Up to step 7 .* processor \(simd\); .* bits differ/);
    expect(deviceChangeText(moved, 9)).toBeUndefined();
  });

  it('on several without a step has only those that steps were taken on', () => {
    const there = goneOnWith(begun, 7, card);
    expect(goneOnWith(there, 7, cpu(2, 'relaxed'))).toMatchObject([{ afterStep: 0 }, { afterStep: 7, kind: 'cpu' }]);
    expect(goneOnWith(there, 7, cpu(1))).toEqual(begun);
    expect(goneOnWith(begun, 0, card)).toEqual([{ afterStep: 0, ...card }]);
  });

  it('from a checkpoint that does not tell is known from there on', () => {
    expect(goneOnWith([], 7, card)).toEqual([{ afterStep: 7, ...card }]);
  });
});
