// The GRPO loss as TRL 1.13 computes it (trl/trainer/grpo_trainer.py, `_compute_loss`), over packed tokens. Its output is
// dLoss/dlogp and dLoss/dentropy, which is all that the model's backward pass needs to know of the objective.
import { add, at, type Numbers } from './array';

/** Options under TRL's GRPOConfig names. */
export interface GrpoLossOptions {
  readonly loss_type: 'grpo' | 'dapo' | 'bnpo' | 'dr_grpo' | 'cispo' | 'luspo' | 'sapo' | 'vespo';
  readonly importance_sampling_level: 'token' | 'sequence';
  readonly epsilon: number;
  /** null: the same as epsilon. For cispo the cap on the ratio itself. */
  readonly epsilon_high: number | null;
  readonly delta: number | null;
  readonly beta: number;
  readonly use_bias_correction_kl: boolean;
  readonly entropy_coef: number;
  readonly sapo_temperature_pos: number;
  readonly sapo_temperature_neg: number;
  readonly vespo_k_pos: number;
  readonly vespo_lambda_pos: number;
  readonly vespo_k_neg: number;
  readonly vespo_lambda_neg: number;
  /** Share of the tokens, those of most entropy, that the policy's part looks at. */
  readonly top_entropy_quantile: number;
  /** null: none is dropped. */
  readonly off_policy_mask_threshold: number | null;
  /** What dr_grpo divides by instead of a completion's own length. */
  readonly max_completion_length: number;
  /** Mini-batches that the generation is cut into. 1 if not given. */
  readonly steps_per_generation?: number;
}

/** TRL's defaults of what only some losses look at. */
export const TRL_DEFAULTS = {
  sapo_temperature_pos: 1,
  sapo_temperature_neg: 1.05,
  vespo_k_pos: 2,
  vespo_lambda_pos: 3,
  vespo_k_neg: 3,
  vespo_lambda_neg: 2,
  top_entropy_quantile: 1,
  off_policy_mask_threshold: null,
} satisfies Partial<GrpoLossOptions>;

export interface GrpoLossInputs {
  /** (N): log-probability of each token under the model, at the sampling temperature. */
  readonly logp: Numbers;
  /** (N): nats. */
  readonly entropy: Numbers;
  /** (N): under the policy that sampled. */
  readonly oldLogp: Numbers;
  /** (N): under the reference model; not read when beta is 0. */
  readonly refLogp: Numbers;
  /** (N): 1 for a completion token that counts, 0 for any other token. */
  readonly mask: Numbers;
  /** (N): which of the B sequences a token belongs to. */
  readonly sequence: Numbers;
  /** (B). */
  readonly advantages: Numbers;
  /** Tokens that count in the whole generation. Those of this mini-batch if not given. */
  readonly numItemsInBatch?: number;
}

export interface GrpoLoss {
  readonly loss: number;
  /** (N): zero where the mask is. */
  readonly dLogp: Float64Array;
  /** (N): zero where the mask is. */
  readonly dEntropy: Float64Array;
  /** Under TRL's names. A minimum or maximum over sequences is absent when no sequence has a token that counts. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** A value with its derivatives: by the token's own logp, and by the log importance weight. */
interface Term {
  readonly value: number;
  readonly byLogp: number;
  readonly byLogWeight: number;
}

/** φ(w) = e^λ wᵏ e^(−λw) of a sequence, where w is the product of its tokens' ratios (VESPO, arXiv 2602.10693). */
function gammaWeight(logRatios: readonly number[], advantage: number, options: GrpoLossOptions): number {
  const bounded = (value: number, least: number) => Math.min(Math.max(value, least), 20);
  const logWeight = bounded(
    logRatios.reduce((sum, value) => sum + bounded(value, -20), 0),
    Math.log(1e-8),
  );
  const isGood = advantage >= 0;
  const k = isGood ? options.vespo_k_pos : options.vespo_k_neg;
  const lambda = Math.max(isGood ? options.vespo_lambda_pos : options.vespo_lambda_neg, 1e-4);
  return Math.exp(lambda + k * logWeight - lambda * Math.exp(logWeight));
}

/** torch.quantile: between two values, along a line; the rank is one of f32. */
function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.fround(Math.fround(q) * (sorted.length - 1));
  const below = at(sorted, Math.floor(rank));
  return below + (at(sorted, Math.ceil(rank)) - below) * (rank - Math.floor(rank));
}

/** @param gamma of the token's sequence; read by vespo alone. */
function policyTerm(ratio: number, advantage: number, logp: number, gamma: number, options: GrpoLossOptions): Term {
  const { epsilon, delta, loss_type } = options;
  const epsilonHigh = options.epsilon_high ?? epsilon;
  if (loss_type === 'cispo') {
    const weight = Math.min(ratio, epsilonHigh); // a constant: cispo's gradient flows through logp alone
    return { value: -weight * advantage * logp, byLogp: -weight * advantage, byLogWeight: 0 };
  }
  if (loss_type === 'vespo') {
    return { value: -gamma * advantage * logp, byLogp: -gamma * advantage, byLogWeight: 0 };
  }
  if (loss_type === 'sapo') {
    const temperature = advantage > 0 ? options.sapo_temperature_pos : options.sapo_temperature_neg;
    const gate = 1 / (1 + Math.exp(-temperature * (ratio - 1)));
    const slope = 4 * gate * (1 - gate);
    return { value: (-4 / temperature) * gate * advantage, byLogp: 0, byLogWeight: -slope * ratio * advantage };
  }
  const bounded = delta === null ? ratio : Math.min(ratio, delta);
  const clipped = Math.min(Math.max(ratio, 1 - epsilon), 1 + epsilonHigh);
  const chosen = bounded * advantage <= clipped * advantage ? bounded : clipped;
  // A term that its bound cut off is constant. Of equal terms both move or neither does.
  return { value: -chosen * advantage, byLogp: 0, byLogWeight: chosen === ratio ? -ratio * advantage : 0 };
}

/** The k3 estimate of KL(model ‖ reference) (http://joschu.net/blog/kl-approx.html), at its token's ratio if corrected. */
function klTerm(logp: number, refLogp: number, ratio: number, isCorrected: boolean): Term {
  const difference = refLogp - logp;
  const k3 = Math.exp(difference) - difference - 1;
  const byLogp = 1 - Math.exp(difference);
  return isCorrected
    ? { value: ratio * k3, byLogp: ratio * byLogp, byLogWeight: ratio * k3 }
    : { value: k3, byLogp, byLogWeight: 0 };
}

/** What one token's loss is multiplied by, for each sequence: how a loss_type averages. */
function sequenceWeights(
  lengths: Float64Array,
  totalLength: number,
  numItemsInBatch: number,
  options: GrpoLossOptions,
): Float64Array {
  switch (options.loss_type) {
    case 'grpo':
    case 'sapo':
      return lengths.map((length) => 1 / (Math.max(length, 1) * lengths.length));
    case 'dr_grpo':
      return lengths.map(() => 1 / (lengths.length * options.max_completion_length));
    case 'bnpo':
      return lengths.map(() => 1 / Math.max(totalLength, 1));
    case 'luspo':
      return lengths.map(() => 1 / lengths.length);
    case 'dapo':
    case 'cispo':
    case 'vespo':
      return lengths.map(() => (options.steps_per_generation ?? 1) / Math.max(numItemsInBatch, 1));
  }
}

/** Loss, gradients and metrics of B sequences packed into N tokens: a mini-batch, one optimizer step. */
export function grpoLoss(inputs: GrpoLossInputs, options: GrpoLossOptions): GrpoLoss {
  const { logp, entropy, oldLogp, refLogp, sequence, advantages } = inputs;
  const { beta, entropy_coef } = options;
  const isSequenceLevel = options.importance_sampling_level === 'sequence';
  const numSequences = advantages.length;
  const active = Array.from(inputs.mask, (_, n) => n).filter((n) => at(inputs.mask, n) !== 0);
  const totalLength = Math.max(active.length, 1);
  const { top_entropy_quantile, off_policy_mask_threshold } = options;
  const least =
    top_entropy_quantile < 1 && active.length > 0
      ? quantile(
          active.map((n) => at(entropy, n)),
          1 - top_entropy_quantile,
        )
      : Number.NEGATIVE_INFINITY;
  const undecided = active.filter((n) => at(entropy, n) >= least);
  const isUndecided = new Set(undecided);

  const lengths = new Float64Array(numSequences);
  const logRatioSums = new Float64Array(numSequences);
  for (const n of active) {
    add(lengths, at(sequence, n), 1);
    add(logRatioSums, at(sequence, n), at(logp, n) - at(oldLogp, n));
  }
  const meanLogRatios = logRatioSums.map((total, b) => total / Math.max(at(lengths, b), 1));
  const gammas = Array.from(advantages, (advantage, b) => {
    const own = active.filter((n) => at(sequence, n) === b);
    return gammaWeight(
      own.map((n) => at(logp, n) - at(oldLogp, n)),
      advantage,
      options,
    );
  });
  // DeepSeek-V3.2 (arXiv 2512.02556), eq. 9: a bad answer that the policy has left far behind teaches nothing.
  const isDropped = Array.from(
    advantages,
    (advantage, b) => advantage < 0 && -at(meanLogRatios, b) > (off_policy_mask_threshold ?? Number.POSITIVE_INFINITY),
  );
  const weights = sequenceWeights(lengths, active.length, inputs.numItemsInBatch ?? active.length, options);

  let policyLoss = 0;
  let entropySum = 0;
  let klSum = 0;
  const dLogp = new Float64Array(logp.length);
  const dEntropy = new Float64Array(logp.length);
  const dMeanLogRatios = new Float64Array(numSequences);
  const ratioOf = (n: number) =>
    Math.exp(isSequenceLevel ? at(meanLogRatios, at(sequence, n)) : at(logp, n) - at(oldLogp, n));
  for (const n of active) {
    const b = at(sequence, n);
    const ratio = ratioOf(n);
    const policy =
      isDropped[b] || !isUndecided.has(n)
        ? { value: 0, byLogp: 0, byLogWeight: 0 }
        : policyTerm(ratio, at(advantages, b), at(logp, n), at(gammas, b), options);
    const kl =
      beta === 0
        ? { value: 0, byLogp: 0, byLogWeight: 0 }
        : klTerm(at(logp, n), at(refLogp, n), ratio, options.use_bias_correction_kl);
    const weight = at(weights, b);
    policyLoss += weight * (policy.value + beta * kl.value);
    klSum += kl.value;
    add(dLogp, n, weight * (policy.byLogp + beta * kl.byLogp));
    const byLogWeight = weight * (policy.byLogWeight + beta * kl.byLogWeight);
    if (isSequenceLevel) add(dMeanLogRatios, b, byLogWeight);
    else add(dLogp, n, byLogWeight);
    entropySum += at(entropy, n);
    if (isUndecided.has(n)) dEntropy[n] = -entropy_coef / undecided.length;
  }
  if (isSequenceLevel) {
    for (const n of active) add(dLogp, n, at(dMeanLogRatios, at(sequence, n)) / at(lengths, at(sequence, n)));
  }

  const meanEntropy = entropySum / totalLength;
  const metrics: Record<string, number> = { entropy: meanEntropy };
  if (beta !== 0) metrics.kl = klSum / totalLength;
  if (entropy_coef !== 0) Object.assign(metrics, { policy_loss: policyLoss, entropy_coef });

  // At sequence level there is one ratio a sequence, and TRL averages over all of them, whatever the mask.
  const rows = isSequenceLevel
    ? Array.from(advantages, (_, b) => ({ b, ratio: Math.exp(at(meanLogRatios, b)) }))
    : active.map((n) => ({ b: at(sequence, n), ratio: ratioOf(n) }));
  Object.assign(metrics, clipMetrics(rows, advantages, options));
  if (options.loss_type === 'vespo') {
    metrics['vespo/phi_seq_mean'] = gammas.reduce((sum, gamma) => sum + gamma, 0) / gammas.length;
  }
  const undecidedEntropy = undecided.reduce((sum, n) => sum + at(entropy, n), 0) / Math.max(undecided.length, 1);
  return { loss: policyLoss - entropy_coef * undecidedEntropy, dLogp, dEntropy, metrics };
}

/** Shares of the ratios that were clipped, under TRL's names. `b` is the sequence of a ratio. */
function clipMetrics(
  rows: readonly { readonly b: number; readonly ratio: number }[],
  advantages: ArrayLike<number>,
  options: GrpoLossOptions,
): Record<string, number> {
  const { epsilon } = options;
  const epsilonHigh = options.epsilon_high ?? epsilon;
  const share = (isClipped: (ratio: number, advantage: number) => boolean) => {
    const clipped = new Float64Array(advantages.length);
    const counted = new Float64Array(advantages.length);
    for (const { b, ratio } of rows) {
      add(counted, b, 1);
      if (isClipped(ratio, at(advantages, b))) add(clipped, b, 1);
    }
    const measured = Array.from(clipped, (count, b) => count / at(counted, b)).filter((value) => !Number.isNaN(value));
    return { mean: clipped.reduce((total, count) => total + count, 0) / Math.max(rows.length, 1), measured };
  };
  if (options.loss_type === 'cispo')
    return { cispo_clip_ratio: share((ratio, advantage) => ratio > epsilonHigh && advantage > 0).mean };
  if (options.loss_type === 'sapo' || options.loss_type === 'vespo') return {};
  const bounded = (ratio: number) => (options.delta === null ? ratio : Math.min(ratio, options.delta));
  const low = share((ratio, advantage) => bounded(ratio) < 1 - epsilon && advantage < 0);
  const high = share((ratio, advantage) => bounded(ratio) > 1 + epsilonHigh && advantage > 0);
  return {
    'clip_ratio/low_mean': low.mean,
    'clip_ratio/high_mean': high.mean,
    'clip_ratio/region_mean': low.mean + high.mean,
    ...(low.measured.length > 0 && {
      'clip_ratio/low_min': Math.min(...low.measured),
      'clip_ratio/high_max': Math.max(...high.measured),
    }),
  };
}
