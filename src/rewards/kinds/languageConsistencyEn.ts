// Thinking in English.
import { languageConsistency } from '../languageConsistency';
import type { Reward, RewardAbout } from '../reward';

export const about = {
  name: 'language_consistency_en',
  en: { label: 'English', help: 'Share of English among the words of the thinking.' },
  zh: { label: '英文', help: '思考用词中英文所占比例。' },
} satisfies RewardAbout;

export const reward: Reward = { name: about.name, range: [0, 1], score: languageConsistency('en') };
