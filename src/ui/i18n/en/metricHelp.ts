export const metricHelp = {
  reward: 'The mean of the weighted rewards of all answers in the step.',
  'eval/accuracy': 'Share of held-out problems answered right; they are never trained on.',
  'completions/mean_length': 'Mean number of tokens in an answer, thinking included.',
  entropy: 'How undecided the model is at each token. Near zero it has stopped exploring.',
  kl: 'How far the model has moved from the reference, the model it started as.',
  klRenewed:
    'How far the model has moved from the reference. The reference is renewed every {{count}} updates ' +
    'of the weights, so the curve starts again from there.',
  frac_reward_zero_std:
    'Groups where every answer scored the same: no answer was better than another, so they teach nothing.',
};
