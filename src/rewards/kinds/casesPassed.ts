// The share of its cases that an answer passes: a slope to climb where whole answers are rare.
import type { Reward, RewardAbout } from '../reward';

export const about = {
  name: 'cases_passed',
  en: { label: 'cases passed', help: 'Share of its cases that an answer passes, where it is tried on cases.' },
  zh: { label: '通过的用例', help: '答案需要用例检验时，通过的用例所占比例。' },
} satisfies RewardAbout;

/** Applies only where answers are tried on cases. */
export const reward: Reward = {
  name: about.name,
  range: [0, 1],
  score: ({ verdict: { cases } }) => (cases === undefined ? null : cases.passed / cases.total),
};
