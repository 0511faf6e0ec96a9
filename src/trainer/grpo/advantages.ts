// Group-relative advantages exactly as TRL 1.13's GRPOTrainer computes them (sum_then_normalize), in float64.
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
  const groups = Array.from({ length: rewards.length / groupSize }, (_, group) =>
    meanAndStd(rewards.slice(group * groupSize, (group + 1) * groupSize)),
  );
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
