export const metric = {
  reward: 'reward',
  'eval/accuracy': 'accuracy, held out',
  'eval/mean_thinking_length': 'tokens of thinking, held out',
  'completions/mean_length': 'mean length, tokens',
  entropy: 'entropy',
  kl: 'KL from the reference',
  frac_reward_zero_std: 'groups without signal',
  'rewards/accuracy/mean': 'answers right',
  loss: 'loss',
  bits_per_token: 'bits a token',
  grad_norm: 'length of the gradient',
  kept: 'answers kept',
};
