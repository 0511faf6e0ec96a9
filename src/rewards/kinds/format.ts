// 1 for exactly one think block followed by exactly one answer block, else 0.
import type { Reward, RewardAbout } from '../reward';

export const about = {
  name: 'format',
  en: { label: 'form', help: '1 when the answer is one block of thinking followed by one block of answer, else 0.' },
  zh: { label: '格式', help: '一段思考后跟一段答案得 1，否则得 0。' },
} satisfies RewardAbout;

export const reward: Reward = {
  name: about.name,
  range: [0, 1],
  score: ({ completion }) => (completion.wellFormed ? 1 : 0),
};
