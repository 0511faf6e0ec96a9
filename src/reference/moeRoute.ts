// Routers. DeepSeek-V3's (arXiv 2412.19437, §2.1.2): sigmoid scores, a bias that takes part in the choice only, the best groups
// of experts first and then the best experts within them. And that of a softmax over all experts, as in Qwen3-MoE and OLMoE.
import { add, at, dot, largest, logSumExp, type Numbers } from './array';

export interface RouteOptions {
  readonly experts: number;
  /** K: experts a token. */
  readonly topK: number;
  readonly groups: number;
  readonly topGroups: number;
  /** norm_topk_prob: whether the chosen scores are divided by their sum. */
  readonly normalize: boolean;
  /** How logits become scores. */
  readonly scoring: 'sigmoid' | 'softmax';
  /** routed_scaling_factor. */
  readonly scalingFactor: number;
}

/** Keeps the division defined when every chosen score underflows; transformers' value. */
const SUM_EPSILON = 1e-20;

/** The scores of one token's experts. */
function scoresOf(logits: Numbers, start: number, { experts, scoring }: RouteOptions): Float64Array {
  const row = Float64Array.from({ length: experts }, (_, e) => at(logits, start + e));
  if (scoring === 'sigmoid') return row.map((x) => 1 / (1 + Math.exp(-x)));
  const norm = logSumExp(row);
  return row.map((x) => Math.exp(x - norm));
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
    const scores = scoresOf(logits, n * numExperts, options);
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
  options: RouteOptions,
): Float64Array {
  const { experts: numExperts, topK, normalize, scalingFactor, scoring } = options;
  const dLogits = new Float64Array(logits.length);
  for (let slot = 0; slot < experts.length; slot += topK) {
    const row = (slot / topK) * numExperts;
    const scores = scoresOf(logits, row, options);
    const slots = Array.from({ length: topK }, (_, k) => ({
      expert: at(experts, slot + k),
      dWeight: at(dWeights, slot + k),
    }));
    const total = normalize ? slots.reduce((sum, { expert }) => sum + at(scores, expert), SUM_EPSILON) : 1;
    const weighted = slots.reduce((sum, { expert, dWeight }) => sum + dWeight * at(scores, expert), 0);
    const shared = normalize ? weighted / total : 0;
    const dScores = new Float64Array(numExperts);
    for (const { expert, dWeight } of slots) add(dScores, expert, (scalingFactor * (dWeight - shared)) / total);
    const mean = dot(scores, 0, dScores, 0, numExperts);
    for (let e = 0; e < numExperts; e++) {
      const pull = scoring === 'sigmoid' ? at(dScores, e) * (1 - at(scores, e)) : at(dScores, e) - mean;
      add(dLogits, row + e, at(scores, e) * pull);
    }
  }
  return dLogits;
}
