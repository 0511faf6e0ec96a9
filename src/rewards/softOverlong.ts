// DAPO's soft overlong punishment (arXiv 2503.14476, eq. 13), as TRL's get_soft_overlong_punishment.
import type { Reward } from './reward';

/** The part of the limit in which the punishment grows: the paper's 4,096 of 20,480 tokens. */
const CACHE_SHARE = 0.2;

/** 0 up to the cache, then falling evenly to -1 at the limit. Counts every generated token, the end token included. */
export const softOverlong: Reward = {
  name: 'soft_overlong',
  score: ({ numTokens, maxTokens }) => {
    const cache = Math.max(1, Math.round(maxTokens * CACHE_SHARE));
    const excess = numTokens - (maxTokens - cache);
    return excess <= 0 ? 0 : -Math.min(1, excess / cache);
  },
};
