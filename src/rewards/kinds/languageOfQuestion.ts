// Thinking in the language of the question.
import { languageConsistency } from '../languageConsistency';
import type { Reward, RewardAbout } from '../reward';

export const about = {
  name: 'language_of_question',
  en: {
    label: 'question’s language',
    help:
      'Share of the question’s language among the words of the thinking: ' +
      'Chinese where the question has Chinese, else English.',
  },
  zh: { label: '与题目同语言', help: '思考用词中与题目同一语言的占比：题目有中文则为中文，否则为英文。' },
} satisfies RewardAbout;

export const reward: Reward = {
  name: about.name,
  range: [0, 1],
  score: (sample) => languageConsistency(/\p{Script=Han}/u.test(sample.problem.question) ? 'zh' : 'en')(sample),
};
