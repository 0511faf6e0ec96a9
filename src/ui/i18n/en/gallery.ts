export const gallery = {
  title: 'Gallery',
  intro:
    'Whole runs, recorded on one processor and played here in twenty seconds each. Nothing is computed while they play.',
  play: 'Play it',
  compare: 'Lay them side by side',
  open: 'See its stages',
  busy: 'A run trains here. Pause or stop it to play a recording.',
  missing: 'This recording could not be fetched. Check the connection and try again.',
  entries: {
    zero: {
      title: 'R1-Zero: a rule and nothing else',
      about:
        'A base model that mostly blurts, rewarded by a rule alone. Right answers and the length of its thinking rise ' +
        'together, with no example to follow.',
    },
    stages: {
      title: 'The stages of R1',
      about:
        'Cold start, reinforcement learning, rejection sampling, distillation: what each stage made, measured on the same ' +
        'held-out problems. Whether to distil or to train a small model by RL is answered by two of its branches.',
    },
    hacked: {
      title: 'A reward that was hacked',
      about:
        'It pays R1-Zero for short answers, and a little for right ones. The reward rises, the thinking goes, and with it ' +
        'almost every right answer: what was rewarded is not what was meant.',
    },
    collapse: {
      title: 'A collapse and its alarm',
      about:
        'R1-Zero with a learning rate far too high. The weights are wrecked, an alarm says so and since which step, and ' +
        'the run stops by itself before it overwrites the checkpoint from before that.',
    },
    length: {
      title: 'Dr. GRPO beside GRPO',
      about:
        'The same start, seed and problems, with two losses: GRPO divides an answer’s loss by its length and its advantage by ' +
        'the spread of the group; Dr. GRPO does neither. Look at the length and the right answers.',
    },
  },
};
