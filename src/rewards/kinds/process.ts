// How much of the thinking that a question needs was written, and nothing else beside it.
import { judgeSteps } from '../../tasks/judgeSteps';
import { getTask } from '../../tasks/registry';
import { readSteps } from '../../tasks/steps';
import type { Reward, RewardAbout } from '../reward';

export const about = {
  name: 'process',
  en: {
    label: 'right steps',
    help:
      'Right steps that follow from the question, as a share of all that it needs or that were written. ' +
      'Each slip halves what the steps after it count.',
  },
  zh: {
    label: '步骤正确',
    help: '正确且由题目得出的步骤，在题目所需和实际写出的全部步骤中所占的比例。每出一次错，其后的步骤计分减半。',
  },
} satisfies RewardAbout;

/**
 * The right steps that brought the end nearer by one, of all that are needed or were written: what is still missing
 * counts against it, and so does every step that is wrong, written twice, unrelated, unreadable or idle. Each step that
 * does not follow halves what the steps after it bring.
 * A slip that is taken back ("wait") and written anew costs nothing, twice for a step.
 * 1 is thinking that comes to the answer by its steps and strays nowhere; no thinking is 0, and so is the answer at once.
 */
export const reward: Reward = {
  name: about.name,
  range: [0, 1],
  score: ({ problem: { task, question }, completion }) => {
    const start = getTask(task).standing(question);
    if (start === undefined || start.missing === 0) return null;
    const { done, worth, bad, missing } = judgeSteps(readSteps(completion.thinking ?? ''), start);
    return worth / Math.max(start.missing, done + bad + missing);
  },
};
