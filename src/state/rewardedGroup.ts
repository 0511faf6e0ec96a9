// Answers to one question as a group that learns would have them: each rewarded by the rules of R1-Zero, and compared with the
// others. Pure.
import { meanAndStd } from '../lib/meanAndStd';
import type { AnswerSummary, RolloutGroup } from '../protocol/protocol';
import { faultsOf } from './answerForm';
import type { Sample } from './askReducer';

/** What a well-formed answer earns beside being right. */
export const FORMAT_WEIGHT = 0.1;
/** Keeps a group of equal rewards from a division by 0, as in TRL. */
const EPSILON = 1e-4;

type Ended = Sample & { readonly summary: AnswerSummary };

/** The group of a question's answers; undefined until all have ended. */
export function rewardedGroup(question: string, samples: readonly Sample[]): RolloutGroup | undefined {
  const ended = samples.filter((sample): sample is Ended => sample.summary !== undefined);
  if (ended.length === 0 || ended.length < samples.length) return undefined;
  const scores = ended.map(({ tokens, summary }) => ({
    accuracy: summary.verdict?.correct ? 1 : 0,
    format: faultsOf(tokens, summary).length === 0 ? 1 : 0,
  }));
  const rewards = scores.map(({ accuracy, format }) => accuracy + FORMAT_WEIGHT * format);
  const { mean, std } = meanAndStd(rewards);
  const members = ended.map(({ tokens, summary }, i) => ({
    tokens: tokens.map(({ text, part, probability }) => ({ text, part, logp: Math.log(probability) })),
    answer: summary.answer,
    rewards: scores[i] ?? {},
    reward: rewards[i] ?? 0,
    advantage: ((rewards[i] ?? 0) - mean) / (std + EPSILON),
    stopReason: summary.stopReason === 'length' ? ('length' as const) : ('end' as const),
  }));
  const gold = ended[0]?.summary.verdict?.expected ?? '';
  return { step: 0, index: 0, question, gold, rewardMean: mean, rewardStd: std, members };
}

/** How many members of a group are right. */
export const numRight = ({ members }: Pick<RolloutGroup, 'members'>): number =>
  members.filter(({ rewards }) => rewards.accuracy === 1).length;

/** The group to look at: of those that differ, the one whose right and wrong answers are nearest to half and half. */
export function tellingGroup(groups: readonly RolloutGroup[]): RolloutGroup | undefined {
  const distance = (group: RolloutGroup) => Math.abs(numRight(group) / group.members.length - 0.5);
  return groups.toSorted((a, b) => distance(a) - distance(b))[0];
}
