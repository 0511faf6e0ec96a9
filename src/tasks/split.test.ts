import { describe, expect, test } from 'vitest';
import { rng } from '../lib/rng';
import { task as chainedSums } from './kinds/chainedSums';
import { isHeldOut, sampleProblem, TooFewProblemsError } from './split';

describe('the split', () => {
  test('holds out about one problem in eight', () => {
    const stream = rng(0, 'problem');
    const numHeldOut = Array.from({ length: 8000 }, () => chainedSums.generate(stream, {})).filter(isHeldOut).length;
    // A binomial of 8000 at 1/8 has mean 1000 and standard deviation 30.
    expect(Math.abs(numHeldOut - 1000)).toBeLessThan(120);
  });

  test('never changes, since a model trained yesterday is evaluated today', () => {
    const heldOut = ['9-8+3-7=?', '7-4+4-5=?', '1+1+1+1=?', '3+3+1+9=?', '5-5+5-5=?'].map((question) =>
      isHeldOut({ task: 'chained_sums', question, answer: '' }),
    );
    expect(heldOut).toEqual([false, true, false, true, false]);
  });

  test('does not look at the answer', () => {
    const problem = { task: 'chained_sums', question: '7-4+4-5=?' };
    expect(isHeldOut({ ...problem, answer: '2' })).toBe(isHeldOut({ ...problem, answer: '3' }));
  });
});

describe('sampling a problem', () => {
  test('stays within the wanted split', () => {
    const stream = rng(1, 'problem');
    for (let i = 0; i < 200; i++) {
      expect(isHeldOut(sampleProblem(chainedSums, {}, 'train', stream))).toBe(false);
      expect(isHeldOut(sampleProblem(chainedSums, {}, 'held-out', stream))).toBe(true);
    }
  });

  test('is a pure function of the stream', () => {
    const draw = () => sampleProblem(chainedSums, {}, 'held-out', rng(5, 'evaluate', 3));
    expect(draw()).toEqual(draw());
  });

  test('gives up with a reason where the difficulty has no such problem', () => {
    const single = { ...chainedSums, generate: () => ({ task: 'chained_sums', question: '9-8+3-7=?', answer: '-3' }) };
    expect(() => sampleProblem(single, {}, 'held-out', rng(0, 'problem'))).toThrow(TooFewProblemsError);
    expect(() => sampleProblem(single, {}, 'held-out', rng(0, 'problem'))).toThrow(/hardly any held-out problem/);
  });
});
