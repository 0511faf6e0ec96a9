// Thinking in Chinese.
import { languageConsistency } from '../languageConsistency';
import type { Reward, RewardAbout } from '../reward';

export const about = {
  name: 'language_consistency_zh',
  en: { label: '中文', help: 'Share of Chinese among the words of the thinking.' },
  zh: { label: '中文', help: '思考用词中中文所占比例。' },
} satisfies RewardAbout;

export const reward: Reward = { name: about.name, range: [0, 1], score: languageConsistency('zh') };
