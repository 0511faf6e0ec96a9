// The verifier's word: 1 for a right answer, 0 for a wrong or missing one.
import type { Reward } from './reward';

export const accuracy: Reward = {
  name: 'accuracy',
  score: ({ task, problem, completion }) => (task.verify(problem, completion.answer).correct ? 1 : 0),
};
