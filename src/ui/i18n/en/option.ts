export const option = {
  num_generations: {
    label: 'Answers per question',
    help: 'How many answers are sampled for each question. They are compared with each other: that is the group.',
  },
  num_prompts: {
    label: 'Questions per step',
    help: 'How many different questions one step asks. More of them make steadier but slower steps.',
  },
  max_completion_length: { label: 'Longest answer', help: 'Tokens after which an answer is cut, thinking included.' },
  temperature: {
    label: 'Temperature',
    help: 'How freely answers are drawn. At 0 all answers of a group would be the same and teach nothing.',
  },
  top_p: {
    label: 'Top-p',
    help:
      'Draws only from the likeliest tokens that together reach this probability. 1 keeps all. Learning ' +
      'looks at the whole vocabulary all the same.',
  },
  top_k: {
    label: 'Top-k',
    help:
      'Draws only from this many of the likeliest tokens. 0 keeps all. Learning looks at the whole ' +
      'vocabulary all the same.',
  },
  min_p: {
    label: 'Min-p',
    help:
      'Draws no token that is less likely than this share of the likeliest one. Not set: all. Learning looks at the whole ' +
      'vocabulary all the same.',
  },
  learning_rate: {
    label: 'Learning rate',
    help: 'How far each update moves the weights. Too high and the model forgets; too low and nothing happens.',
  },
  lr_scheduler_type: {
    label: 'Schedule',
    help: 'Whether the learning rate stays, or falls to zero along a line or a cosine.',
  },
  warmup_steps: {
    label: 'Warm-up steps',
    help: 'Updates over which the learning rate rises from zero. The schedule constant has none.',
  },
  adam_beta1: { label: 'Adam β₁', help: 'How long the optimizer remembers the direction of past gradients.' },
  adam_beta2: { label: 'Adam β₂', help: 'How long the optimizer remembers the size of past gradients.' },
  adam_epsilon: { label: 'Adam ε', help: 'Keeps the optimizer from dividing by zero.' },
  weight_decay: {
    label: 'Weight decay',
    help: 'Pulls weights a little towards zero at each step; norms and biases are left alone.',
  },
  max_grad_norm: { label: 'Gradient clip', help: 'A gradient longer than this is shortened to it.' },
  max_steps: {
    label: 'Steps',
    help: 'The run ends after this many updates of the weights: as many steps, or fewer where a step makes several.',
  },
  beta: {
    label: 'Stay near the reference',
    help: 'Weight of the penalty (KL) for moving away from the reference, a copy of the model as it started. 0 needs no copy.',
  },
  use_bias_correction_kl: {
    label: 'Correct the KL’s bias',
    help: 'Multiplies the KL estimate by the importance ratio.',
  },
  epsilon: {
    label: 'Clip below',
    help: 'How far a token’s probability may fall in one update before its gradient is cut.',
  },
  epsilon_high: {
    label: 'Clip above',
    help: 'How far a token’s probability may rise. Not set: the same as below. DAPO clips higher.',
  },
  delta: {
    label: 'Two-sided clip',
    help:
      'An upper bound on the unclipped term, so that one odd token cannot blow up the step. Meant to be ' +
      'above 1 + the upper clip.',
  },
  loss_type: {
    label: 'Loss',
    help: 'How tokens are averaged and how far one may pull: by answer (grpo), over all tokens (dapo), … The names are TRL’s.',
  },
  sapo_temperature_pos: {
    label: 'Gate of better answers',
    help: 'Only of the loss sapo: how quickly its soft gate closes for answers better than their group.',
  },
  sapo_temperature_neg: {
    label: 'Gate of worse answers',
    help: 'Only of the loss sapo: the same for the others. Steeper, so that pushing tokens down does less harm.',
  },
  vespo_k_pos: {
    label: 'Better: k',
    help: 'Only of the loss vespo: how much less a good answer counts once it has become unlikelier.',
  },
  vespo_lambda_pos: {
    label: 'Better: λ',
    help: 'Only of the loss vespo: how much less a good answer counts once it has become likelier.',
  },
  vespo_k_neg: {
    label: 'Worse: k',
    help: 'Only of the loss vespo: how much less a worse answer counts once it has become unlikelier.',
  },
  vespo_lambda_neg: {
    label: 'Worse: λ',
    help: 'Only of the loss vespo: how much less a worse answer counts once it has become likelier.',
  },
  multi_objective_aggregation: {
    label: 'Several rewards',
    help:
      'Add them up, then compare within the group; or compare each within the group by itself, then add (GDPO): a rare ' +
      'reward is then not drowned by a common one.',
  },
  use_adaptive_entropy: {
    label: 'Adapt the bonus',
    help: 'Moves the entropy bonus up while entropy is at or below its target, else down; it counts only at or below it.',
  },
  entropy_target: {
    label: 'Entropy to keep',
    help: 'In nats a token. Set it near the entropy seen early in training; only with an adapted bonus.',
  },
  entropy_coef_delta: { label: 'Change of the bonus', help: 'How far an adapted bonus moves after each update.' },
  entropy_coef_min: { label: 'Least bonus', help: 'An adapted bonus does not go below it.' },
  entropy_coef_max: { label: 'Most bonus', help: 'An adapted bonus does not go above it.' },
  top_entropy_quantile: {
    label: 'Undecided tokens',
    help:
      'Learns only from this share of the tokens: those the model was least sure of, where answers part ways. 1 is all; ' +
      '0.2 is what the paper recommends.',
  },
  off_policy_mask_threshold: {
    label: 'Leave out old failures',
    help:
      'Leaves out a worse answer once it is this many nats a token less likely than when it was written (DeepSeek-V3.2). ' +
      'Not set: none.',
  },
  importance_sampling_level: {
    label: 'Ratio of',
    help: 'Whether the importance ratio is of each token, or of the whole sequence (GSPO).',
  },
  scale_rewards: {
    label: 'Scale rewards by',
    help: 'Whether advantages are divided by the spread within the group, within the batch, or not at all.',
  },
  num_iterations: { label: 'Passes per sample', help: 'How often the same answers are learned from.' },
  steps_per_generation: {
    label: 'Updates per sampling',
    help:
      'Into how many mini-batches of one size the answers of one sampling are shuffled and cut; each is ' +
      'one update. It must divide questions × group size.',
  },
  gradient_checkpointing: {
    label: 'Compute layers again',
    help: 'Keeps less in GPU memory by computing each layer a second time. Slower, with the same result.',
  },
  fp16: {
    label: 'Half precision',
    help: 'Reads the weights in half precision (fp16), where the GPU can: less memory to read, numbers a little coarser.',
  },
  fp8: {
    label: 'Multiply in eight bits',
    help: 'Rounds both sides of products with weights to FP8, as DeepSeek-V3 was trained. Emulated: as coarse, not faster.',
  },
  mask_truncated_completions: {
    label: 'Ignore cut answers',
    help: 'Answers that hit the length limit teach nothing, good or bad.',
  },
  sync_ref_model: {
    label: 'Move the reference',
    help: 'Lets the reference model follow the trained one from time to time.',
  },
  ref_model_sync_steps: {
    label: 'Move it every',
    help: 'Updates of the weights between two moves of the reference model.',
  },
  ref_model_mixup_alpha: { label: 'Move it by', help: 'Share of the trained weights in the moved reference.' },
  entropy_coef: {
    label: 'Entropy bonus',
    help: 'Rewards the model for staying undecided; negative values punish it.',
  },
  custom_reward: { label: 'Your own reward', help: 'Its code, in JavaScript.' },
  reward_weights: { label: 'Reward weights', help: 'What each reward counts.' },
  filter_groups: {
    label: 'Skip groups of equals',
    help: 'Groups whose answers are all right or all wrong teach nothing: ask other questions instead (DAPO).',
  },
  filter_groups_max_num_gen_batches: {
    label: 'Tries to fill a step',
    help: 'How often to sample again at most when groups are skipped.',
  },
  seed: { label: 'Seed', help: 'The same seed and settings give the same run on the same device.' },
};
