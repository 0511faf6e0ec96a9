// What the rewards are called on the page and what they are for: each says it in its own file.
import type { Language } from '../tasks/task';
import type { RewardAbout, RewardText } from './reward';

const files = import.meta.glob<RewardAbout>('./kinds/*.ts', { import: 'about', eager: true });

/** By reward. */
export function rewardTexts(language: Language): Record<string, RewardText> {
  return Object.fromEntries(Object.values(files).map((about) => [about.name, about[language]]));
}
