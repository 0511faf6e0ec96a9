import { describe, expect, it } from 'vitest';
import type { BeforeAfterPair } from '../../protocol/protocol';
import { byGrade, byOutcome, outcomeOf, splitAtDifference } from './outcome';

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

  it('two texts part at the token that differs, and equal texts do not', () => {
    expect(splitAtDifference('9-8=1 then 1', 5, ' then ')).toEqual({ same: '9-8=1', token: ' then ', rest: '1' });
    expect(splitAtDifference('9-8=1', 4)).toEqual({ same: '9-8=', token: '1', rest: '' });
    expect(splitAtDifference('9-8=1', -1)).toEqual({ same: '9-8=1', token: '', rest: '' });
    expect(splitAtDifference('9', 1, '')).toEqual({ same: '9', token: '', rest: '' });
  });

  it('pairs are counted by the grade of their problems, where there are several', () => {
    const graded = (grade: number, before: boolean, after: boolean, tokens: number): BeforeAfterPair => {
      const { before: one, after: other, ...rest } = pair(before, after);
      return { ...rest, grade, before: { ...one, thinkingTokens: 0 }, after: { ...other, thinkingTokens: tokens } };
    };
    const pairs = [graded(8, false, false, 30), graded(4, false, true, 10), graded(8, false, true, 40)];
    expect(byGrade(pairs)).toEqual([
      { grade: 4, count: 1, before: { accuracy: 0, thinkingTokens: 0 }, after: { accuracy: 1, thinkingTokens: 10 } },
      { grade: 8, count: 2, before: { accuracy: 0, thinkingTokens: 0 }, after: { accuracy: 0.5, thinkingTokens: 35 } },
    ]);
    expect(byGrade([graded(4, true, true, 1), graded(4, true, true, 1)])).toEqual([]);
    expect(byGrade([pair(true, true), pair(true, false)])).toEqual([]);
  });
});
