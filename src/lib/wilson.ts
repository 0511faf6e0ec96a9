// How far a share that was measured on some trials may be from the true one.

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Whether two intervals share a value: then the shares may differ by chance alone. */
export const overlap = (a: Interval, b: Interval): boolean => a.low <= b.high && b.low <= a.high;

/** The quantile of the normal distribution that leaves 2.5 % on each side: a 95 % interval. */
const Z_95 = 1.959963984540054;

/**
 * The 95 % score interval of a share: z of the normal distribution, p̂ = successes / trials, n = trials,
 *
 *     (p̂ + z²/2n ± z √(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n)
 *
 * (E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22, 1927). It holds p̂,
 * never leaves 0 … 1, and has a width at 0 of n and at n of n. Without trials nothing is known: 0 … 1.
 * @param successes from 0 to `trials`; not whole where trials are weighed by how much each tells.
 * @throws RangeError for counts that cannot be.
 */
export function wilsonInterval(successes: number, trials: number): Interval {
  const isPossible = successes >= 0 && successes <= trials && Number.isFinite(trials);
  if (!isPossible) throw new RangeError(`There cannot be ${successes} successes in ${trials} trials.`);
  if (trials === 0) return { low: 0, high: 1 };
  const share = successes / trials;
  const z2 = Z_95 ** 2 / trials;
  const centre = share + z2 / 2;
  const half = Z_95 * Math.sqrt((share * (1 - share)) / trials + z2 / (4 * trials));
  // The ends at 0 and 1 are exact in the formula, not in its rounding.
  return {
    low: Math.min(share, Math.max(0, (centre - half) / (1 + z2))),
    high: Math.max(share, Math.min(1, (centre + half) / (1 + z2))),
  };
}

/**
 * The interval of a share over clusters, such as several answers to each of some problems, which tell less than as many
 * answers to as many problems: the score interval at the effective number of trials, p(1−p) / (standard error of the
 * clusters' mean)² (Korn and Graubard, "Confidence intervals for proportions with small expected number of positive
 * counts estimated from survey data", Survey Methodology 24, 1998). Where the clusters do not differ, or there is one,
 * each counts once.
 * @param shares of successes in each cluster.
 * @param trialsEach in a cluster.
 */
export function clusteredInterval(shares: readonly number[], trialsEach: number): Interval {
  const numClusters = shares.length;
  if (numClusters === 0) return wilsonInterval(0, 0);
  const mean = shares.reduce((sum, share) => sum + share, 0) / numClusters;
  const squares = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0);
  const variance = squares / (numClusters - 1) / numClusters;
  const effective = (mean * (1 - mean)) / variance;
  const isTold = squares > 1e-12 && Number.isFinite(effective);
  const trials = isTold ? Math.max(1, Math.min(numClusters * trialsEach, effective)) : numClusters;
  return wilsonInterval(Math.max(0, Math.min(1, mean)) * trials, trials);
}
