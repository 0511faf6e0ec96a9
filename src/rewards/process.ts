// How much of the thinking that a question needs was written, and nothing else beside it.
import { judgeSteps } from '../tasks/judgeSteps';
import { getTask } from '../tasks/registry';
import { readSteps } from '../tasks/steps';
import type { Reward } from './reward';

/**
 * The right steps that brought the end nearer by one, of all that are needed or were written: what is still missing
 * counts against it, and so does every step that is wrong, written twice, unrelated, unreadable or idle. Each step that
 * does not follow halves what the steps after it bring.
 * A slip that is taken back ("wait") and written anew costs nothing, twice for a step.
 * 1 is thinking that comes to the answer by its steps and strays nowhere; no thinking is 0, and so is the answer at once.
 */
export const process: Reward = {
  name: 'process',
  score: ({ problem: { task, question }, completion }) => {
    const start = getTask(task).standing(question);
    if (start === undefined || start.missing === 0) return null;
    const { done, worth, bad, missing } = judgeSteps(readSteps(completion.thinking ?? ''), start);
    return worth / Math.max(start.missing, done + bad + missing);
  },
};
