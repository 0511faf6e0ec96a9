import { describe, expect, it } from 'vitest';
import type { BeforeAfterPair } from '../../worker/protocol';
import { byOutcome, outcomeOf, splitAtDifference } from './outcome';

const pair = (before: boolean, after: boolean): BeforeAfterPair => ({
  question: '1+1=?',
  gold: '2',
  before: { text: 'a', answer: '1', correct: before },
  after: { text: 'b', answer: '2', correct: after },
  firstDifference: 0,
});

describe('before and after', () => {
  it('an answer is fixed, broken, or unchanged whether it was right or wrong both times', () => {
    expect(outcomeOf(pair(false, true))).toBe('fixed');
    expect(outcomeOf(pair(true, false))).toBe('broken');
    expect(outcomeOf(pair(true, true))).toBe('unchanged');
    expect(outcomeOf(pair(false, false))).toBe('unchanged');
  });

  it('every pair has exactly one outcome', () => {
    const { fixed, broken, unchanged } = byOutcome([
      pair(false, true),
      pair(false, true),
      pair(true, false),
      pair(true, true),
    ]);
    expect([fixed.length, broken.length, unchanged.length]).toEqual([2, 1, 1]);
  });

  it('two texts part at the first difference, and equal texts do not', () => {
    expect(splitAtDifference('9-8=1', 4)).toEqual({ same: '9-8=', rest: '1' });
    expect(splitAtDifference('9-8=1', -1)).toEqual({ same: '9-8=1', rest: '' });
    expect(splitAtDifference('9', 4)).toEqual({ same: '9', rest: '' });
  });
});
