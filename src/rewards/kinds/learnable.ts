// What a problem that the model wrote itself is worth: whether the model answers it sometimes right and sometimes wrong.
import type { Reward, RewardAbout } from '../reward';

export const about = {
  name: 'learnable',
  en: {
    label: 'worth learning from',
    help:
      '1 for a problem of the model’s own that it answers right in some of its tries, neither hardly ever nor nearly always, ' +
      'else 0. Only for runs in which the model writes its problems.',
  },
  zh: {
    label: '值得学习',
    help: '模型自己出的题，它多次作答时有对有错（既不是几乎全错，也不是几乎全对）得 1，否则得 0。只用于由模型自己出题的训练。',
  },
} satisfies RewardAbout;

export const reward: Reward = {
  name: about.name,
  range: [0, 1],
  needs: 'proposals',
  score: ({ isLearnable }) => (isLearnable === undefined ? null : Number(isLearnable)),
};
