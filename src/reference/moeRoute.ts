// DeepSeek-V3's router (arXiv 2412.19437, §2.1.2): sigmoid scores, a bias that takes part in the choice only, the best groups
// of experts first and then the best experts within them.
import { add, at, largest, type Numbers } from './array';

export interface RouteOptions {
  readonly experts: number;
  /** K: experts a token. */
  readonly topK: number;
  readonly groups: number;
  readonly topGroups: number;
  /** norm_topk_prob: whether the chosen scores are divided by their sum. */
  readonly normalize: boolean;
  /** routed_scaling_factor. */
  readonly scalingFactor: number;
}

/** Keeps the division defined when every chosen score underflows; transformers' value. */
const SUM_EPSILON = 1e-20;

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** The chosen experts of one token, best first; of equals the lowest index first. */
function choose(biased: Float64Array, { experts, topK, groups, topGroups }: RouteOptions): number[] {
  const groupSize = experts / groups;
  const groupScores = Float64Array.from({ length: groups }, (_, group) => {
    const best = largest(biased, group * groupSize, groupSize, 2);
    return best.reduce((total, i) => total + at(biased, group * groupSize + i), 0);
  });
  const kept = new Set(largest(groupScores, 0, groups, topGroups));
  const candidates = biased.map((score, i) => (kept.has(Math.floor(i / groupSize)) ? score : -Infinity));
  return largest(candidates, 0, experts, topK);
}

/** Router logits (N, E) and selection bias (E) → chosen experts (N, K), best first, and their weights (N, K). */
export function moeRoute(
  logits: Numbers,
  bias: Numbers,
  options: RouteOptions,
): { experts: Int32Array; weights: Float64Array } {
  const { experts: numExperts, topK, normalize, scalingFactor } = options;
  const numTokens = logits.length / numExperts;
  const experts = new Int32Array(numTokens * topK);
  const weights = new Float64Array(numTokens * topK);
  for (let n = 0; n < numTokens; n++) {
    const scores = Float64Array.from({ length: numExperts }, (_, e) => sigmoid(at(logits, n * numExperts + e)));
    const chosen = choose(
      scores.map((score, e) => score + at(bias, e)),
      options,
    );
    const total = normalize ? chosen.reduce((sum, e) => sum + at(scores, e), SUM_EPSILON) : 1;
    chosen.forEach((e, k) => {
      experts[n * topK + k] = e;
      weights[n * topK + k] = (scalingFactor * at(scores, e)) / total;
    });
  }
  return { experts, weights };
}

/** dWeights (N, K) → dLogits (N, E). The choice itself and the bias have no gradient. */
export function moeRouteBackward(
  dWeights: Numbers,
  logits: Numbers,
  experts: Numbers,
  { experts: numExperts, topK, normalize, scalingFactor }: RouteOptions,
): Float64Array {
  const dLogits = new Float64Array(logits.length);
  for (let slot = 0; slot < experts.length; slot += topK) {
    const row = (slot / topK) * numExperts;
    const slots = Array.from({ length: topK }, (_, k) => slot + k);
    const score = (i: number) => sigmoid(at(logits, row + at(experts, i)));
    const total = normalize ? slots.reduce((sum, i) => sum + score(i), SUM_EPSILON) : 1;
    const shared = normalize ? slots.reduce((sum, i) => sum + at(dWeights, i) * score(i), 0) / total : 0;
    for (const i of slots) {
      const dScore = (scalingFactor * (at(dWeights, i) - shared)) / total;
      add(dLogits, row + at(experts, i), dScore * score(i) * (1 - score(i)));
    }
  }
  return dLogits;
}
