// Which tokens the policy's loss looks at, by how undecided the model is at their places (Beyond the 80/20 Rule, arXiv
// 2506.01939): those of most entropy, as TRL 1.13 takes them (GRPOTrainer.get_high_entropy_mask).

/** A bound between the tokens that count and those that do not. */
export interface EntropyCut {
  /** Nats: halfway between the two, so that rounding moves no token across; null where all count. */
  readonly least: number | null;
  /** Tokens that count. */
  readonly count: number;
}

/** torch.quantile in f32: between two values, along a line. @param sorted ascending, at least one. */
function quantile(sorted: Float32Array, q: number): number {
  const rank = Math.fround(Math.fround(q) * (sorted.length - 1));
  const [below, above] = [sorted[Math.floor(rank)] as number, sorted[Math.ceil(rank)] as number];
  return Math.fround(below + (above - below) * (rank - Math.floor(rank)));
}

/**
 * @param entropies of every token of a mini-batch that counts, in nats.
 * @param share TRL's top_entropy_quantile: of the tokens, those of most entropy. 0 leaves the highest alone.
 */
export function entropyCut(entropies: ArrayLike<number>, share: number): EntropyCut {
  if (share >= 1 || entropies.length === 0) return { least: null, count: entropies.length };
  const sorted = Float32Array.from(entropies).sort();
  const threshold = quantile(sorted, 1 - share);
  const first = sorted.findIndex((entropy) => entropy >= threshold);
  const least = first === 0 ? null : ((sorted[first - 1] as number) + (sorted[first] as number)) / 2;
  return { least, count: sorted.length - first };
}
