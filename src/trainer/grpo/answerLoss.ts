// The GRPO loss of one answer, with every number on the way to it: what shaders/loss/grpo_loss.wgsl computes for a sequence, in
// f64, to be looked at. Formulas: TRL 1.13, trl/trainer/grpo_trainer.py, _compute_loss.
import { LOSS_TYPES, type PolicyTerm } from '../objectives/lossTypes';
import type { EntropyCut } from './entropyCut';
import type { LossOptions } from './lossWeights';

/** Log-probabilities of a drawn token, in nats. */
export interface TokenLogps {
  /** Under the weights whose loss this is. */
  readonly logp: number;
  /** Under the weights that sampled it. */
  readonly oldLogp: number;
  /** Under the reference model; undefined where it is not known. Not read when beta is 0. */
  readonly refLogp?: number | undefined;
  /** Of the weights whose loss this is, at the token's place; undefined where it is not known. */
  readonly entropy?: number | undefined;
}

/** One token's way to its share of the loss. */
export interface TokenLoss extends TokenLogps {
  /** New probability over old; at sequence level the answer's one ratio. */
  readonly ratio: number;
  /** The ratio under its upper bound `delta`, or itself. */
  readonly bounded: number;
  /** The ratio inside the region of the clip; of a capped term, under its cap; of others, the gate or the answer's weight. */
  readonly clipped: number;
  /** Whether the clip, the cap or `delta` decides, so that the ratio has no gradient here. */
  readonly isCut: boolean;
  /** What is made as small as can be, before the KL: −min(…) or what the loss type has in its place. 0 where it is left out. */
  readonly policy: number;
  /** Why it has no policy term: the model is decided about it, or has left the whole answer far behind. */
  readonly leftOut: 'decided' | 'leftBehind' | undefined;
  /** The k3 estimate, and what it is multiplied by; undefined without a reference. */
  readonly kl: { readonly k3: number; readonly factor: number } | undefined;
  /** What its entropy takes off the loss; 0 where the entropy is not known. */
  readonly bonus: number;
  /** Its share of the mini-batch's loss, bonus included. */
  readonly loss: number;
  /** −dLoss/dlogp: how hard the token's log-probability is pushed up (> 0) or down. */
  readonly push: number;
}

export interface AnswerLoss {
  readonly term: PolicyTerm;
  /** Of a gated term. */
  readonly gateTemperature: number;
  /** Of a weighed term: the answer's own ratio, and the two numbers that its weight is shaped by. */
  readonly whole: { readonly ratio: number; readonly k: number; readonly lambda: number };
  /** One entry a token. */
  readonly tokens: readonly TokenLoss[];
  /** Sum of the tokens' shares. */
  readonly loss: number;
}

interface Term {
  readonly bounded: number;
  readonly clipped: number;
  readonly isCut: boolean;
  readonly value: number;
  readonly byLogp: number;
  readonly byLogRatio: number;
}

const gateTemperature = (advantage: number, options: LossOptions) =>
  advantage > 0 ? options.sapo_temperature_pos : options.sapo_temperature_neg;

/** Bounds of VESPO's log-ratios: of a token's both ways, of an answer's from below. */
const FARTHEST = 20;
const LEAST_WHOLE = Math.log(1e-8);

const bounded = (value: number, least: number) => Math.min(Math.max(value, least), FARTHEST);

function wholeOf(tokens: readonly TokenLogps[], advantage: number, o: LossOptions): AnswerLoss['whole'] {
  const sum = tokens.reduce((total, { logp, oldLogp }) => total + bounded(logp - oldLogp, -FARTHEST), 0);
  const [k, lambda] = advantage >= 0 ? [o.vespo_k_pos, o.vespo_lambda_pos] : [o.vespo_k_neg, o.vespo_lambda_neg];
  return { ratio: Math.exp(bounded(sum, LEAST_WHOLE)), k, lambda: Math.max(lambda, 1e-4) };
}

/** φ(w) = e^λ wᵏ e^(−λw). */
const gammaWeight = ({ ratio, k, lambda }: AnswerLoss['whole']) =>
  Math.exp(lambda + k * Math.log(ratio) - lambda * ratio);

const upperEpsilon = ({ epsilon, epsilon_high }: LossOptions) => epsilon_high ?? epsilon;

/** What a term is made of. */
interface TermInputs {
  readonly ratio: number;
  readonly advantage: number;
  readonly logp: number;
  readonly whole: AnswerLoss['whole'];
}

const TERMS: Record<PolicyTerm, (token: TermInputs, options: LossOptions) => Term> = {
  clipped: ({ ratio, advantage }, options) => {
    const bounded = options.delta === null ? ratio : Math.min(ratio, options.delta);
    const clipped = Math.min(Math.max(ratio, 1 - options.epsilon), 1 + upperEpsilon(options));
    const chosen = bounded * advantage <= clipped * advantage ? bounded : clipped;
    const isCut = chosen !== ratio;
    return {
      bounded,
      clipped,
      isCut,
      value: -chosen * advantage,
      byLogp: 0,
      byLogRatio: isCut ? 0 : -ratio * advantage,
    };
  },
  // The weight is a constant: the gradient flows through the log-probability alone.
  capped: ({ ratio, advantage, logp }, options) => {
    const clipped = Math.min(ratio, upperEpsilon(options));
    const byLogp = -clipped * advantage;
    return { bounded: ratio, clipped, isCut: clipped !== ratio, value: byLogp * logp, byLogp, byLogRatio: 0 };
  },
  gated: ({ ratio, advantage }, options) => {
    const temperature = gateTemperature(advantage, options);
    const gate = 1 / (1 + Math.exp(-temperature * (ratio - 1)));
    const byLogRatio = -4 * gate * (1 - gate) * ratio * advantage;
    return {
      bounded: ratio,
      clipped: gate,
      isCut: false,
      value: (-4 / temperature) * gate * advantage,
      byLogp: 0,
      byLogRatio,
    };
  },
  weighed: ({ ratio, advantage, logp, whole }) => {
    const clipped = gammaWeight(whole);
    const byLogp = -clipped * advantage;
    return { bounded: ratio, clipped, isCut: false, value: byLogp * logp, byLogp, byLogRatio: 0 };
  },
};

/**
 * The loss of one answer's tokens.
 * @param weight what one token's loss is multiplied by (`tokenWeights`).
 * @param entropyWeight what one token's entropy is: entropy_coef over the mini-batch's tokens that it acts on.
 * @param cut which tokens count by their entropy; all without one.
 */
export function answerLoss(
  tokens: readonly TokenLogps[],
  advantage: number,
  weight: number,
  options: LossOptions,
  entropyWeight = 0,
  cut?: EntropyCut,
): AnswerLoss {
  const { term } = LOSS_TYPES[options.loss_type];
  const isSequenceLevel = options.importance_sampling_level === 'sequence';
  const meanLogRatio = tokens.reduce((sum, { logp, oldLogp }) => sum + logp - oldLogp, 0) / Math.max(1, tokens.length);
  const whole = wholeOf(tokens, advantage, options);
  const isLeftBehind = advantage < 0 && -meanLogRatio > (options.off_policy_mask_threshold ?? Number.POSITIVE_INFINITY);
  const parts = tokens.map((token) => {
    const isDecided = (token.entropy ?? Number.POSITIVE_INFINITY) < (cut?.least ?? 0);
    const leftOut = isDecided ? ('decided' as const) : isLeftBehind ? ('leftBehind' as const) : undefined;
    const ratio = Math.exp(isSequenceLevel ? meanLogRatio : token.logp - token.oldLogp);
    const full = TERMS[term]({ ratio, advantage, logp: token.logp, whole }, options);
    const policy = leftOut ? { ...full, value: 0, byLogp: 0, byLogRatio: 0 } : full;
    const kl = klTerm(token, ratio, options);
    const beta = options.beta;
    const bonus = isDecided ? 0 : entropyWeight * (token.entropy ?? 0);
    return {
      token,
      ratio,
      policy,
      leftOut,
      kl,
      bonus,
      loss: weight * (policy.value + beta * (kl ? kl.factor * kl.k3 : 0)) - bonus,
      byLogp: weight * (policy.byLogp + beta * (kl?.byLogp ?? 0)),
      byLogRatio: weight * (policy.byLogRatio + beta * (kl?.byLogRatio ?? 0)),
    };
  });
  const meanByLogRatio = parts.reduce((sum, { byLogRatio }) => sum + byLogRatio, 0) / Math.max(1, tokens.length);
  return {
    term,
    gateTemperature: gateTemperature(advantage, options),
    whole,
    tokens: parts.map(({ token, ratio, policy, leftOut, kl, bonus, loss, byLogp, byLogRatio }) => ({
      ...token,
      ratio,
      bounded: policy.bounded,
      clipped: policy.clipped,
      isCut: policy.isCut,
      policy: policy.value,
      leftOut,
      kl: kl && { k3: kl.k3, factor: kl.factor },
      bonus,
      loss,
      push: -(byLogp + (isSequenceLevel ? meanByLogRatio : byLogRatio)),
    })),
    loss: parts.reduce((sum, { loss }) => sum + loss, 0),
  };
}

/** The k3 estimate of KL(model ‖ reference) (http://joschu.net/blog/kl-approx.html), at its token's ratio if corrected. */
function klTerm({ logp, refLogp }: TokenLogps, ratio: number, options: LossOptions) {
  if (options.beta === 0 || refLogp === undefined) return undefined;
  const growth = Math.exp(refLogp - logp);
  const k3 = growth - (refLogp - logp) - 1;
  const isCorrected = options.use_bias_correction_kl;
  const factor = isCorrected ? ratio : 1;
  return { k3, factor, byLogp: factor * (1 - growth), byLogRatio: isCorrected ? ratio * k3 : 0 };
}
