// DAPO's soft overlong punishment (arXiv 2503.14476, eq. 13), as TRL's get_soft_overlong_punishment.
import type { Reward, RewardAbout } from '../reward';

export const about = {
  name: 'soft_overlong',
  en: { label: 'not too long', help: 'A penalty that grows as the answer nears the length limit (DAPO).' },
  zh: { label: '不过长', help: '答案接近长度上限时逐渐增加的惩罚（DAPO）。' },
} satisfies RewardAbout;

/** The part of the limit in which the punishment grows: the paper's 4,096 of 20,480 tokens. */
const CACHE_SHARE = 0.2;

/** 0 up to the cache, then falling evenly to -1 at the limit. Counts every generated token, the end token included. */
export const reward: Reward = {
  name: about.name,
  range: [-1, 0],
  score: ({ numTokens, maxTokens }) => {
    const cache = Math.max(1, Math.round(maxTokens * CACHE_SHARE));
    const excess = numTokens - (maxTokens - cache);
    return excess <= 0 ? 0 : -Math.min(1, excess / cache);
  },
};
