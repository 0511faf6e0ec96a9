// The verifier's word: 1 for a right answer, 0 for a wrong or missing one.
import type { Reward, RewardAbout } from '../reward';

export const about = {
  name: 'accuracy',
  en: { label: 'right answer', help: '1 when the verifier finds the answer right, else 0.' },
  zh: { label: '答案正确', help: '验证器认为答案正确得 1，否则得 0。' },
} satisfies RewardAbout;

export const reward: Reward = {
  name: about.name,
  range: [0, 1],
  score: ({ verdict }) => (verdict.correct ? 1 : 0),
};
