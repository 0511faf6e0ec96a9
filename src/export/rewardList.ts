// rewards.json: which rewards of rewards.py count, and how much.
import { CUSTOM } from '../rewards/custom';
import type { GrpoConfig } from '../trainer/grpo/grpoConfig';

/** Beside rewards.py: the reader's own reward. */
export const OWN_REWARD_FILE = 'own_reward.js';

/** Rewards that look at an answer's length are told the limit. */
const LENGTH_REWARDS: readonly string[] = ['soft_overlong', CUSTOM];

export function rewardList({ reward_weights, max_completion_length }: GrpoConfig): object[] {
  return Object.entries(reward_weights).map(([name, weight]) => ({
    name,
    weight,
    ...(LENGTH_REWARDS.includes(name) && { max_completion_length }),
    ...(name === CUSTOM && { file: OWN_REWARD_FILE }),
  }));
}
