import { describe, expect, it, vi } from 'vitest';
import { markInvalid, showInvalidField } from './invalidFields';

describe('an invalid field', () => {
  it('is brought to the reader, the first of them first, until it is put right', () => {
    expect(showInvalidField()).toBe(false);
    const [showFirst, showSecond] = [vi.fn(), vi.fn()];
    const first = markInvalid('a', showFirst);
    const second = markInvalid('b', showSecond);
    expect(showInvalidField()).toBe(true);
    expect([showFirst.mock.calls.length, showSecond.mock.calls.length]).toEqual([1, 0]);
    first();
    expect(showInvalidField()).toBe(true);
    second();
    expect(showInvalidField()).toBe(false);
    expect([showFirst.mock.calls.length, showSecond.mock.calls.length]).toEqual([1, 1]);
  });
});
