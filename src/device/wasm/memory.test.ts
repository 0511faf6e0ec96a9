import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { OutOfMemoryError } from '../errors';
import { LinearMemory } from './memory';

describe('ranges of the linear memory', () => {
  it('never overlap, start at cache lines, and hold zeros whatever was there before', () => {
    const action = fc.record({ size: fc.integer({ min: 1, max: 300_000 }), victim: fc.nat() });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        const linear = new LinearMemory();
        const held: { start: number; size: number }[] = [];
        for (const { size, victim } of actions) {
          if (held.length > 0 && victim % 3 === 0) {
            const [range] = held.splice(victim % held.length, 1);
            if (range) linear.free(range.start, range.size);
            continue;
          }
          const start = linear.allocate(size);
          expect(start % 64).toBe(0);
          expect(start).toBeGreaterThanOrEqual(65536);
          expect(linear.bytes(start, size).every((byte) => byte === 0)).toBe(true);
          expect(held.every((other) => start + size <= other.start || other.start + other.size <= start)).toBe(true);
          linear.bytes(start, size).fill(0xff);
          held.push({ start, size });
        }
      }),
      { numRuns: 40 },
    );
  });

  it('are used again once they are freed, neighbours as one', () => {
    const linear = new LinearMemory();
    const starts = [1, 2, 3, 4].map(() => linear.allocate(1 << 20));
    const before = linear.memory.buffer.byteLength;
    for (const start of [starts[2], starts[0], starts[1], starts[3]]) linear.free(start as number, 1 << 20);
    expect(linear.allocate(4 << 20)).toBe(starts[0]);
    expect(linear.memory.buffer.byteLength).toBe(before);
  });

  it('are refused with what is held and what was asked for, and memory stays as it was', () => {
    const linear = new LinearMemory();
    const start = linear.allocate(1000);
    vi.spyOn(linear.memory, 'grow').mockImplementation(() => {
      throw new RangeError('Maximum memory size exceeded');
    });
    expect(() => linear.allocate(700e6)).toThrow(OutOfMemoryError);
    expect(() => linear.allocate(700e6)).toThrow('could not grow by 700 MB');
    linear.free(start, 1000);
    expect(linear.allocate(1000)).toBe(start);
  });
});
