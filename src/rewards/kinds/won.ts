// Who has won: the answer is a move, and the model itself plays the game on from there, both sides, to the end.
import type { Reward, RewardAbout } from '../reward';

export const about = {
  name: 'won',
  en: {
    label: 'game won',
    help:
      '1 when who made the move wins the game that the model then plays on against itself, else 0. ' +
      'A move that is not legal loses. Only for tasks that are games.',
  },
  zh: {
    label: '赢得对局',
    help: '走完这一步后，模型自己与自己把这局下完，走这一步的一方获胜得 1，否则得 0。不合规则的一步算输。只用于对局类任务。',
  },
} satisfies RewardAbout;

export const reward: Reward = {
  name: about.name,
  range: [0, 1],
  needs: 'game',
  score: ({ hasWon }) => (hasWon === undefined ? null : Number(hasWon)),
};
