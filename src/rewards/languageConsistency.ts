// The share of target-language words in the thinking (DeepSeek-R1, stage 2: against mixing languages).
import { languageShare } from '../tasks/steps';
import type { Language } from '../tasks/task';
import type { Reward } from './reward';

/** Applies only where there is thinking with at least one word. */
export function languageConsistency(target: Language): Reward['score'] {
  return ({ completion }) => {
    if (completion.thinking === undefined) return null;
    const share = languageShare(completion.thinking);
    return share.en + share.zh === 0 ? null : share[target];
  };
}
