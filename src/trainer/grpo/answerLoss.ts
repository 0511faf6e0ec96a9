// The GRPO loss of one answer, with every number on the way to it: what shaders/loss/grpo_loss.wgsl computes for a sequence, in
// f64, to be looked at. Formulas: TRL 1.13, trl/trainer/grpo_trainer.py, _compute_loss.
import { LOSS_TYPES, type PolicyTerm } from '../objectives/lossTypes';
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
  /** The ratio inside the region of the clip; of a capped term, under its cap; of a gated one, the gate. */
  readonly clipped: number;
  /** Whether the clip, the cap or `delta` decides, so that the ratio has no gradient here. */
  readonly isCut: boolean;
  /** What is made as small as can be, before the KL: −min(…) or what the loss type has in its place. */
  readonly policy: number;
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

/** Defaults of TRL's sapo_temperature_pos and sapo_temperature_neg. */
const SAPO_TEMPERATURES = { positive: 1, other: 1.05 };

const gateTemperature = (advantage: number) => SAPO_TEMPERATURES[advantage > 0 ? 'positive' : 'other'];

const upperEpsilon = ({ epsilon, epsilon_high }: LossOptions) => epsilon_high ?? epsilon;

const TERMS: Record<PolicyTerm, (ratio: number, advantage: number, logp: number, options: LossOptions) => Term> = {
  clipped: (ratio, advantage, _, options) => {
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
  capped: (ratio, advantage, logp, options) => {
    const clipped = Math.min(ratio, upperEpsilon(options));
    const byLogp = -clipped * advantage;
    return { bounded: ratio, clipped, isCut: clipped !== ratio, value: byLogp * logp, byLogp, byLogRatio: 0 };
  },
  gated: (ratio, advantage) => {
    const temperature = gateTemperature(advantage);
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
};

/**
 * The loss of one answer's tokens.
 * @param weight what one token's loss is multiplied by (`tokenWeights`).
 * @param entropyWeight what one token's entropy is: entropy_coef over the mini-batch's tokens.
 */
export function answerLoss(
  tokens: readonly TokenLogps[],
  advantage: number,
  weight: number,
  options: LossOptions,
  entropyWeight = 0,
): AnswerLoss {
  const { term } = LOSS_TYPES[options.loss_type];
  const isSequenceLevel = options.importance_sampling_level === 'sequence';
  const meanLogRatio = tokens.reduce((sum, { logp, oldLogp }) => sum + logp - oldLogp, 0) / Math.max(1, tokens.length);
  const parts = tokens.map((token) => {
    const ratio = Math.exp(isSequenceLevel ? meanLogRatio : token.logp - token.oldLogp);
    const policy = TERMS[term](ratio, advantage, token.logp, options);
    const kl = klTerm(token, ratio, options);
    const beta = options.beta;
    const bonus = entropyWeight * (token.entropy ?? 0);
    return {
      token,
      ratio,
      policy,
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
    gateTemperature: gateTemperature(advantage),
    tokens: parts.map(({ token, ratio, policy, kl, bonus, loss, byLogp, byLogRatio }) => ({
      ...token,
      ratio,
      bounded: policy.bounded,
      clipped: policy.clipped,
      isCut: policy.isCut,
      policy: policy.value,
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
