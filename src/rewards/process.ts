// How much of the thinking that a question needs was written, and nothing else beside it.
import { judgeSteps } from '../tasks/judgeSteps';
import { getTask } from '../tasks/registry';
import { readSteps } from '../tasks/steps';
import type { Reward } from './reward';

/**
 * The right steps that brought the end nearer, of all that are needed or were written: what is still missing counts against it, and so does
 * every step that is wrong, written twice, unrelated, unreadable or idle. A slip that is taken back ("wait") and written anew does not, twice
 * for a step.
 * 1 is thinking that comes to the answer by its steps and strays nowhere; no thinking is 0.
 */
export const process: Reward = {
  name: 'process',
  score: ({ problem: { task, question }, completion }) => {
    const start = getTask(task).standing(question);
    if (start === undefined || start.missing === 0) return null;
    const { done, bad, missing } = judgeSteps(readSteps(completion.thinking ?? ''), start);
    return done / Math.max(start.missing, done + bad + missing);
  },
};
