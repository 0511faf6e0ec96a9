// Against going round in circles: the n-gram repetition penalty of Open-R1 (get_repetition_penalty_reward, arXiv 2502.03373).
import type { Reward, RewardAbout } from '../reward';

export const about = {
  name: 'repetition',
  en: {
    label: 'no repetition',
    help: 'A penalty for saying the same again: the share of three words in a row that were there before.',
  },
  zh: { label: '不重复', help: '对重复内容的惩罚：连续三个词此前已出现过的比例。' },
} satisfies RewardAbout;

const LENGTH = 3;
/** Chinese is written without spaces: what stands between other words is one. */
const WORD = /\p{Script=Han}+|[^\s\p{Script=Han}]+/gu;

/** Minus the share of n-grams that are not the first of their kind; 0 for a text too short to have one. */
export const reward: Reward = {
  name: about.name,
  range: [-1, 0],
  score: ({ completion }) => {
    const words = completion.text.toLowerCase().match(WORD) ?? [];
    const total = words.length - LENGTH + 1;
    if (total < 1) return 0;
    const seen = new Set(Array.from({ length: total }, (_, i) => words.slice(i, i + LENGTH).join(' ')));
    return seen.size / total - 1;
  },
};
