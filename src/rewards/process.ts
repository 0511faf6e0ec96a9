// The share of written steps that are right. Easily hacked (write only `0+0=0`), which is worth seeing.
import { splitSteps } from '../tasks/steps';
import type { Reward } from './reward';

/** Applies only where the thinking has at least one step that can be checked. A slip put right later still counts as a slip. */
export const process: Reward = {
  name: 'process',
  score: ({ problem: { question }, completion }) => {
    const checked = splitSteps(completion.thinking ?? '', { question }).filter((step) => step.valid !== undefined);
    return checked.length === 0 ? null : checked.filter((step) => step.valid).length / checked.length;
  },
};
