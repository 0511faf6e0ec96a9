// The verifier's word: 1 for a right answer, 0 for a wrong or missing one.
import type { Reward } from './reward';

export const accuracy: Reward = {
  name: 'accuracy',
  score: ({ verdict }) => (verdict.correct ? 1 : 0),
};
