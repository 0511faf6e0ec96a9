// How far a share that was measured on some trials may be from the true one.

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The quantile of the normal distribution that leaves 2.5 % on each side: a 95 % interval. */
const Z_95 = 1.959963984540054;

/**
 * The 95 % score interval of a share: z of the normal distribution, p̂ = successes / trials, n = trials,
 *
 *     (p̂ + z²/2n ± z √(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n)
 *
 * (E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22, 1927). It holds p̂, never leaves
 * 0 … 1, and has a width at 0 of n and at n of n. Without trials nothing is known: 0 … 1.
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
