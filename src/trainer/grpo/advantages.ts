// Group-relative advantages exactly as TRL 1.13's GRPOTrainer computes them, in float64.
// A null reward is one that no reward function could give: it counts nowhere and its advantage is 0.
import { meanAndStd } from '../../lib/meanAndStd';

export type ScaleRewards = 'group' | 'batch' | 'none';

/** A reward, or null where none applies (TRL's None). */
export type MaybeReward = number | null;

export interface Advantages {
  /** One a reward: (r − mean of its group) / (std + 1e-4); not divided with scale `none`. */
  readonly advantages: Float32Array;
  /** One a group; NaN where every reward is null. */
  readonly groupMeans: readonly number[];
  /** One a group, with ddof 1; NaN where fewer than two rewards are given. */
  readonly groupStds: readonly number[];
  /** TRL's frac_reward_zero_std: the share of rewards whose std (of the group, or of the batch) is zero. */
  readonly fracZeroStd: number;
  /** TRL's reward: the mean of all rewards. */
  readonly rewardMean: number;
  /** TRL's reward_std: the std of all rewards, with ddof 1. */
  readonly rewardStd: number;
}

const EPSILON = 1e-4;

/** torch.isclose's absolute tolerance, which alone decides against zero. */
const ZERO_TOLERANCE = 1e-8;

/**
 * Advantages of rewards laid out group after group. Throws RangeError unless they fill whole groups of at least two.
 */
export function advantages(rewards: readonly MaybeReward[], groupSize: number, scale: ScaleRewards): Advantages {
  if (!Number.isInteger(groupSize) || groupSize < 2 || rewards.length % groupSize !== 0 || rewards.length === 0) {
    throw new RangeError(`${rewards.length} rewards do not fill whole groups of ${groupSize} (at least 2).`);
  }
  const groups = byGroup(rewards, groupSize);
  const all = meanAndStd(rewards);
  const result = new Float32Array(rewards.length);
  let numZeroStd = 0;
  groups.forEach((group, groupIndex) => {
    const std = scale === 'batch' ? all.std : group.std;
    if (Math.abs(std) <= ZERO_TOLERANCE) numZeroStd++;
    const divisor = scale === 'none' ? 1 : std + EPSILON;
    for (let i = groupIndex * groupSize; i < (groupIndex + 1) * groupSize; i++) {
      const reward = rewards[i] ?? null;
      const advantage = reward === null ? 0 : (reward - group.mean) / divisor;
      // As TRL's nan_to_num: the only reward given in its group has nothing to be compared with.
      result[i] = Number.isNaN(advantage) ? 0 : advantage;
    }
  });
  return {
    advantages: result,
    groupMeans: groups.map((group) => group.mean),
    groupStds: groups.map((group) => group.std),
    fracZeroStd: numZeroStd / groups.length,
    rewardMean: all.mean,
    rewardStd: all.std,
  };
}

const byGroup = (values: readonly MaybeReward[], size: number) =>
  Array.from({ length: values.length / size }, (_, group) =>
    meanAndStd(values.slice(group * size, (group + 1) * size)),
  );

/** What each reward says of one answer, null where it does not apply, and the weights of the rewards. */
export interface WeightedScores {
  /** One row an answer, one column a reward. */
  readonly scores: readonly (readonly MaybeReward[])[];
  /** One a column. */
  readonly weights: readonly number[];
}

/**
 * Advantages where each reward is compared within the group by itself, before they are added (TRL's normalize_then_sum: GDPO,
 * arXiv 2601.05242): A = (s − mean of all s) / (std of all s + 1e-4), s = Σₖ wₖ (rₖ − mean of its group) / (std + 1e-4).
 * Means and spreads that are told are those of the weighted sums, as without it; fracZeroStd is of s, 0 or 1.
 */
export function decoupledAdvantages({ scores, weights }: WeightedScores, groupSize: number): Advantages {
  const sums = scores.map((row) => weightedSum(row, weights));
  const told = advantages(sums, groupSize, 'none');
  const columns = weights.map((_, k) => {
    const column = scores.map((row) => row[k] ?? null);
    const groups = byGroup(column, groupSize);
    return column.map((score, i) => {
      const { mean, std } = groups[Math.floor(i / groupSize)] as { mean: number; std: number };
      const normalized = score === null ? Number.NaN : (score - mean) / (std + EPSILON);
      return Number.isNaN(normalized) ? null : normalized;
    });
  });
  const normalized = scores.map((row, i) =>
    row.every((score) => score === null)
      ? null
      : (weightedSum(
          columns.map((column) => column[i] as MaybeReward),
          weights,
        ) ?? 0),
  );
  const { mean, std } = meanAndStd(normalized);
  return {
    ...told,
    advantages: Float32Array.from(normalized, (value) => {
      const advantage = value === null ? 0 : (value - mean) / (std + EPSILON);
      return Number.isNaN(advantage) ? 0 : advantage;
    }),
    fracZeroStd: Math.abs(std) <= ZERO_TOLERANCE ? 1 : 0,
  };
}

/** TRL's nansum, null where nothing applies. */
export const weightedSum = (row: readonly MaybeReward[], weights: readonly number[]): MaybeReward =>
  row.reduce<MaybeReward>(
    (sum, score, k) => (score === null ? sum : (sum ?? 0) + (weights[k] as number) * score),
    null,
  );
