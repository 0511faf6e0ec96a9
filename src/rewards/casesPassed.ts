// The share of its cases that an answer passes: a slope to climb where whole answers are rare.
import type { Reward } from './reward';

/** Applies only where answers are tried on cases. */
export const casesPassed: Reward = {
  name: 'cases_passed',
  score: ({ verdict: { cases } }) => (cases === undefined ? null : cases.passed / cases.total),
};
