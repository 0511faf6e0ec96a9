// 1 for exactly one think block followed by exactly one answer block, else 0.
import type { Reward } from './reward';

export const format: Reward = {
  name: 'format',
  score: ({ completion }) => (completion.wellFormed ? 1 : 0),
};
