export const preference = {
  title: 'Learning from what people prefer',
  before: [
    'Before R1, models were polished by reinforcement learning from human feedback. People compare two answers, a second ' +
      'model learns to guess what they would prefer, and the first one is rewarded by that guess. The essay says that this ' +
      '“is not RL”: the reward is a copy of a taste, not of a truth, and a game against a copy is won by fooling it.',
    'Here is such a rater: a pupil who checks sums of up to four numbers. Of longer ones it cannot tell what is right, and ' +
      'goes by looks: a neat form, many steps, no “wait”. It compares 256 pairs of answers of base. A reward is learned from ' +
      'that, and base is trained for 60 steps to be graded well. The verifier, from whom nobody learns, watches.',
  ],
  predict: 'The grades will rise from step to step. And the share of right answers?',
  choices: {
    rises: 'rises with them',
    turns: 'rises first, then falls',
    falls: 'falls from the beginning',
    same: 'stays as it is',
  },
  run: 'Please the pupil',
  after: [
    'Recorded over three seeds: from 40% the truth rises to about 65%, for thinking step by step is liked by the pupil ' +
      'and is good for sums. From there on only what it likes grows. At the end fewer than one answer in ten is right, ' +
      'while the learned reward prefers four in five of them to those of the start. The way between, measured by how far ' +
      'the model has gone from its start (KL), is always the same: <b>first the reward is a guide, then it is a target</b>.',
    'A rater who checks longer sums does not take the turn away: even a professor who can check every sum is copied by ' +
      'a reward that cannot, and that can be fooled. Rewarded by the verifier itself, the same model rises and does not ' +
      'fall.',
    'So is it “not RL”? The algorithm is the same one, line by line. What differs is who says what is good. <b>You can ' +
      'be the rater</b>, with choices of your own, <preference>in the lab</preference>.',
  ],
};
