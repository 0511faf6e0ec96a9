// What several answers to one problem are worth: pass@k, and the vote of the majority.

/** One answer as it is counted. */
export interface Ballot {
  /** undefined where there is none to be read. */
  readonly answer: string | undefined;
  readonly isCorrect: boolean;
}

export interface Vote {
  readonly answer: string;
  readonly count: number;
  readonly isCorrect: boolean;
}

/**
 * The chance that at least one of k answers is right, estimated without bias from n answers of which c are right:
 * 1 − C(n−c, k) / C(n, k) (Chen et al. 2021, arXiv 2107.03374, section 2.1). Throws RangeError unless 1 ≤ k ≤ n and 0 ≤ c ≤ n.
 */
export function passAtK(n: number, c: number, k: number): number {
  if (!(k >= 1 && k <= n && c >= 0 && c <= n)) {
    throw new RangeError(`pass@${k} of ${c} right answers among ${n}: k must be from 1 to n, and c from 0 to n.`);
  }
  let allWrong = 1;
  // C(n−c, k) / C(n, k) as a product, which is 0 where k > n − c.
  for (let i = n - c + 1; i <= n; i++) allWrong *= Math.max(0, 1 - k / i);
  return 1 - allWrong;
}

/** The answers with how often each was given, most frequent first; of equals the one given first. */
export function tally(ballots: readonly Ballot[]): Vote[] {
  const votes = new Map<string, Vote>();
  for (const { answer, isCorrect } of ballots) {
    if (answer === undefined) continue;
    votes.set(answer, { answer, isCorrect, count: (votes.get(answer)?.count ?? 0) + 1 });
  }
  // A Map keeps the order of first insertion and sort is stable.
  return [...votes.values()].sort((a, b) => b.count - a.count);
}

export interface ScalingPoint {
  readonly k: number;
  /** pass@k, the mean over the problems. */
  readonly pass: number;
  /** maj@k: how often the majority of k answers is right, over the whole groups of k that the answers make in order. */
  readonly majority: number;
}

/** pass@k and maj@k for k = 1, 2, 4, … and all. @param problems the same number of answers for each problem. */
export function scalingCurve(problems: readonly (readonly Ballot[])[]): ScalingPoint[] {
  const n = problems[0]?.length ?? 0;
  const sizes = Array.from({ length: Math.floor(Math.log2(Math.max(1, n))) + 1 }, (_, i) => 2 ** i).filter(
    (k) => k < n,
  );
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return (n > 0 ? [...sizes, n] : []).map((k) => ({
    k,
    pass: mean(problems.map((ballots) => passAtK(n, ballots.filter((b) => b.isCorrect).length, k))),
    majority: mean(
      problems.flatMap((ballots) =>
        Array.from({ length: Math.floor(n / k) }, (_, g) =>
          Number(tally(ballots.slice(g * k, (g + 1) * k))[0]?.isCorrect ?? false),
        ),
      ),
    ),
  }));
}
