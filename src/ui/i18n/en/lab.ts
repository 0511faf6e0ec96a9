export const lab = {
  title: 'Lab',
  intro: 'Experiments on claims about language models. Each runs on your device, and says what was measured beside it.',
  back: '← Lab',
  compress: {
    title: 'The model as a compressor',
    about:
      'Pack a text by what a model expects, token by token, and unpack it bit for bit: beside gzip, and as it learns.',
  },
  scaling: {
    title: 'Scaling, and the wall',
    about:
      'A grid of sizes and lengths, the law that its losses obey, and what it is worth to read the same text again.',
  },
  chats: {
    title: 'Learn from your chats',
    about: 'Keep how the model thought about what you ask, in this browser alone, and teach it what came out right.',
  },
  preference: {
    title: 'RLHF is not RL',
    about:
      'Choose between answers, or let a rater choose: a reward is learned from that, and climbed. Where does the truth turn?',
  },
  nim: {
    title: 'Move 37: learning by trial',
    about: 'Nim: a pupil imitates a mediocre player, then learns from games against itself. Play against both.',
  },
  curriculum: {
    title: 'No human data at all',
    about:
      'A model shown the smallest sums alone writes its own, learns from those it can nearly do, and comes further.',
  },
  fp8: {
    title: 'Eight bits are enough',
    about: 'Training in FP8 as DeepSeek-V3 did: what it makes of a number, and of a whole training, beside float32.',
  },
  gallery: {
    title: 'Gallery',
    about:
      'Whole training runs, recorded: a reward that was hacked, a collapse and its alarm, two losses side by side.',
  },
  knows: {
    title: 'What it knows',
    about: 'The loaded model, measured by task and by the size of its problems, also beyond what it was trained on.',
  },
  'one-page': {
    title: 'GRPO on one page',
    about: 'The whole algorithm in one file, run line by line on a model small enough to watch.',
  },
};
