// What a reward model makes of the answer: a number that was learned from what a rater preferred.
import type { Reward, RewardAbout } from '../reward';

export const about = {
  name: 'reward_model',
  en: {
    label: 'learned reward',
    help:
      'The grade that a reward model gives, which was trained on what a rater preferred. It has no bounds, and it knows no ' +
      'more than the rater showed it.',
  },
  zh: {
    label: '学来的奖励',
    help: '奖励模型给出的分数，它是从评分者的偏好中训练出来的。分数没有上下限，它知道的也不会比评分者表现出来的更多。',
  },
} satisfies RewardAbout;

export const reward: Reward = {
  name: about.name,
  range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  needs: 'reward model',
  score: ({ grade }) => grade ?? null,
};
