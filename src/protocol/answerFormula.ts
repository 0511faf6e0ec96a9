// How a GRPO step came to one answer's push: reward, advantage, and each token's share of the loss. What the engine told is
// taken as it is (rewards, advantages, log-probabilities); the rest follows by the trainer's own formulas.
import { meanAndStd } from '../lib/meanAndStd';
import { rng } from '../lib/rng';
import type { RolloutGroup, RolloutMember } from '../runs/run';

import { type AnswerLoss, answerLoss, type TokenLogps } from '../trainer/grpo/answerLoss';
import type { GrpoConfig } from '../trainer/grpo/grpoConfig';
import { tokenWeights } from '../trainer/grpo/lossWeights';
import { cutMiniBatches } from '../trainer/grpo/miniBatches';

export type { TokenLoss } from '../trainer/grpo/answerLoss';

/** An answer among those of its step. */
export interface AnswerPlace {
  /** The step's groups, as many as are at hand, in order. */
  readonly groups: readonly RolloutGroup[];
  /** One of them. */
  readonly group: RolloutGroup;
  /** Index in the group. */
  readonly member: number;
}

/** The answer's tokens as other weights read them: one number a token. */
export interface ReadAgain {
  readonly logps?: readonly number[] | undefined;
  readonly refLogps?: readonly number[] | undefined;
  readonly entropies?: readonly number[] | undefined;
}

export interface RewardPart {
  readonly name: string;
  /** null where the reward does not apply. */
  readonly score: number | null;
  readonly weight: number;
}

/** How an advantage comes about where each reward is compared with its own group by itself. */
export interface Decoupled {
  /** Of each reward in the group, in the order of the parts. */
  readonly groups: readonly { readonly mean: number; readonly std: number }[];
  /** The answer's weighted sum of what was compared. */
  readonly sum: number;
  /** Of these sums in all groups that are at hand. */
  readonly mean: number;
  readonly std: number;
}

export interface AnswerFormula extends AnswerLoss {
  readonly parts: readonly RewardPart[];
  readonly reward: number;
  /** Rewards of the group, in its order; null of one on which a reward failed. */
  readonly groupRewards: readonly (number | null)[];
  readonly mean: number;
  /** What the difference is divided by, without its 1e-4: the group's, or the batch's; undefined where it is not divided. */
  readonly std: number | undefined;
  readonly advantage: number;
  /** Where each reward is compared by itself (normalize_then_sum). */
  readonly decoupled: Decoupled | undefined;
  /** Why nothing is learned from it. */
  readonly leftOut: 'failed' | 'truncated' | undefined;
  /** What one token's loss is multiplied by; 0 for an answer that is left out. */
  readonly weight: number;
  /** What one token's entropy counts for: entropy_coef over the tokens of its mini-batch. */
  readonly entropyWeight: number;
  /** Answers of its mini-batch. */
  readonly numAnswers: number;
  /** Tokens that the loss type divides by; undefined where it divides by none. */
  readonly numTokens: number | undefined;
  /** Not all of the step's groups are at hand, so that the tokens of all of them, which it divides by, are estimated. */
  readonly isEstimated: boolean;
}

/** Loss types that divide by the tokens of other answers, too. */
const SUMMED: ReadonlySet<string> = new Set(['dapo', 'cispo', 'vespo', 'bnpo']);

const leftOutBy = (group: RolloutGroup, { stopReason }: RolloutMember, config: GrpoConfig) => {
  if (group.isLeftOut) return 'failed';
  return config.mask_truncated_completions && stopReason === 'length' ? 'truncated' : undefined;
};

/**
 * @param again where given, its log-probabilities take the place of those that sampled: the loss as it would be now.
 * @throws RangeError for a place that the groups do not have.
 */
export function answerFormula(place: AnswerPlace, config: GrpoConfig, again: ReadAgain = {}): AnswerFormula {
  const { group } = place;
  const answer = group.members[place.member];
  if (!answer) throw new RangeError(`The group has ${group.members.length} answers, none at ${place.member}.`);
  const leftOut = leftOutBy(group, answer, config);
  const batch = miniBatchOf(place, config);
  const weight = leftOut ? 0 : batch.weight;
  const entropyWeight = leftOut ? 0 : config.entropy_coef / Math.max(1, batch.numBatchTokens);
  const tokens = answer.tokens.map(({ logp }, t): TokenLogps => {
    return {
      logp: again.logps?.[t] ?? logp,
      oldLogp: logp,
      refLogp: again.refLogps?.[t],
      entropy: again.entropies?.[t],
    };
  });
  return {
    ...answerLoss(tokens, answer.advantage, weight, config, entropyWeight),
    entropyWeight,
    parts: Object.entries(answer.rewards).map(([name, score]) => {
      return { name, score, weight: config.reward_weights[name] ?? 0 };
    }),
    reward: answer.reward,
    groupRewards: group.members.map(rewardOf),
    mean: group.rewardMean,
    std: stdOf(place, config),
    advantage: answer.advantage,
    decoupled: decoupledOf(place, config),
    leftOut,
    weight,
    numAnswers: batch.numAnswers,
    numTokens: batch.numTokens,
    isEstimated: place.groups.length < config.num_prompts && SUMMED.has(config.loss_type),
  };
}

/** null where no reward applies, as in TRL; of a group that is left out none does. */
function rewardOf({ rewards, reward, error }: RolloutMember): number | null {
  return error || Object.values(rewards).every((score) => score === null) ? null : reward;
}

function stdOf({ groups, group }: AnswerPlace, { scale_rewards }: GrpoConfig): number | undefined {
  if (scale_rewards === 'none') return undefined;
  if (scale_rewards === 'group') return group.rewardStd;
  const counting = groups.filter(({ isLeftOut }) => !isLeftOut);
  return meanAndStd(counting.flatMap(({ members }) => members.map(rewardOf))).std;
}

function decoupledOf({ groups, group, member }: AnswerPlace, config: GrpoConfig): Decoupled | undefined {
  if (config.multi_objective_aggregation !== 'normalize_then_sum') return undefined;
  const names = Object.keys(group.members[member]?.rewards ?? {});
  const scoresOf = (of: RolloutGroup, name: string) =>
    of.members.map((one) => (of.isLeftOut || one.error ? null : (one.rewards[name] ?? null)));
  const sumsOf = (of: RolloutGroup) => {
    const compared = names.map((name) => {
      const scores = scoresOf(of, name);
      const { mean, std } = meanAndStd(scores);
      return scores.map((score) => (score === null || Number.isNaN(std) ? null : (score - mean) / (std + 1e-4)));
    });
    return of.members.map((one, i) => {
      if (rewardOf(one) === null || of.isLeftOut) return null;
      return names.reduce((sum, name, k) => sum + (config.reward_weights[name] ?? 0) * (compared[k]?.[i] ?? 0), 0);
    });
  };
  return {
    groups: names.map((name) => meanAndStd(scoresOf(group, name))),
    sum: sumsOf(group)[member] ?? 0,
    ...meanAndStd(groups.flatMap(sumsOf)),
  };
}

/** What the answers that share the answer's optimizer step make of its tokens' weight. */
function miniBatchOf({ groups, group, member }: AnswerPlace, config: GrpoConfig) {
  const { num_generations, num_prompts, steps_per_generation, seed, loss_type } = config;
  const length = (of: RolloutGroup, one: RolloutMember) => (leftOutBy(of, one, config) ? 0 : one.tokens.length);
  const lengths = groups.flatMap((of) => of.members.map((one) => length(of, one)));
  const total = num_prompts * num_generations;
  const known = lengths.reduce((sum, count) => sum + count, 0);
  const numItemsInBatch = Math.round((known * total) / Math.max(1, lengths.length));
  const numAnswers = total / steps_per_generation;
  const own = groups.indexOf(group) * num_generations + member;
  const isWhole = lengths.length === total;
  // The draw of GrpoTraining, whose steps count from 0.
  const parts = isWhole ? cutMiniBatches(total, steps_per_generation, rng(seed, 'miniBatch', group.step - 1)) : [];
  const miniBatch = parts.find((part) => part.includes(own));
  const answer = group.members[member] as RolloutMember;
  // Where the others are not at hand, answers of the known ones' mean length take their place.
  const others = Array.from({ length: numAnswers - 1 }, () => numItemsInBatch / total);
  const batchLengths = miniBatch
    ? [own, ...miniBatch.filter((i) => i !== own)].map((i) => lengths[i] as number)
    : [length(group, answer), ...others];
  const [weight = 0] = tokenWeights(batchLengths, numItemsInBatch, config);
  const sum = batchLengths.reduce((total, count) => total + count, 0);
  const divisors: Partial<Record<typeof loss_type, number>> = {
    grpo: answer.tokens.length,
    sapo: answer.tokens.length,
    dapo: numItemsInBatch,
    cispo: numItemsInBatch,
    vespo: numItemsInBatch,
    bnpo: Math.round(sum),
    dr_grpo: config.max_completion_length,
  };
  return { weight, numAnswers, numTokens: divisors[loss_type], numBatchTokens: sum };
}
