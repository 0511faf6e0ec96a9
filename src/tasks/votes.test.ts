import { describe, expect, it } from 'vitest';
import { type Ballot, passAtK, scalingCurve, tally } from './votes';

/** The share of all subsets of k among n that hold one of the first c. */
function bruteForce(n: number, c: number, k: number): number {
  let [all, hit] = [0, 0];
  for (let subset = 0; subset < 2 ** n; subset++) {
    const members = Array.from({ length: n }, (_, i) => i).filter((i) => subset & (1 << i));
    if (members.length !== k) continue;
    all++;
    if (members.some((i) => i < c)) hit++;
  }
  return hit / all;
}

describe('pass@k', () => {
  it('is the share of subsets of k that hold a right answer, counted one by one', () => {
    for (const n of [1, 2, 5, 8]) {
      for (let c = 0; c <= n; c++) {
        for (let k = 1; k <= n; k++) expect(passAtK(n, c, k)).toBeCloseTo(bruteForce(n, c, k), 12);
      }
    }
  });

  it('of one answer is the share of right ones, and stays finite for many', () => {
    expect(passAtK(1000, 250, 1)).toBeCloseTo(0.25, 12);
    expect(passAtK(10_000, 1, 5000)).toBeCloseTo(0.5, 9);
  });

  it.each([
    [4, 5, 1],
    [4, 2, 5],
    [4, 2, 0],
    [4, -1, 2],
  ])('refuses n = %i, c = %i, k = %i', (n, c, k) => {
    expect(() => passAtK(n, c, k)).toThrow(RangeError);
  });
});

const ballots = (...answers: (string | undefined)[]): Ballot[] =>
  answers.map((answer) => ({ answer, isCorrect: answer === '6' }));

describe('the majority', () => {
  it('is counted answer by answer; what cannot be read has no vote', () => {
    expect(tally(ballots('6', '7', undefined, '6', '5'))).toEqual([
      { answer: '6', count: 2, isCorrect: true },
      { answer: '7', count: 1, isCorrect: false },
      { answer: '5', count: 1, isCorrect: false },
    ]);
    expect(tally(ballots(undefined, undefined))).toEqual([]);
  });

  it('goes to the answer given first where two have as many votes', () => {
    expect(tally(ballots('7', '6', '6', '7'))[0]?.answer).toBe('7');
  });
});

describe('the curve over k', () => {
  it('has every power of two and all', () => {
    expect(scalingCurve([ballots('6', '6', '7', '6', '6', '7')]).map(({ k }) => k)).toEqual([1, 2, 4, 6]);
    expect(scalingCurve([ballots('6')])).toEqual([{ k: 1, pass: 1, majority: 1 }]);
    expect(scalingCurve([])).toEqual([]);
  });

  it('averages pass@k over problems and the majority over groups in order', () => {
    const curve = scalingCurve([ballots('7', '6', '6', '6'), ballots('7', '7', '5', '7')]);
    expect(curve[0]).toEqual({ k: 1, pass: 3 / 8, majority: 3 / 8 });
    // Groups of two: (7, 6) → 7, (6, 6) → 6; none of the second problem.
    expect(curve[1]).toEqual({ k: 2, pass: 0.5, majority: 1 / 4 });
    expect(curve[2]).toEqual({ k: 4, pass: 0.5, majority: 0.5 });
  });
});
