export const stages = {
  title: 'Four stages to R1',
  before: [
    'R1 keeps what was learned from R1-Zero, and mends its faults, in four stages:',
    '<b>1. Cold start.</b> A few good, readable chains of thought, to copy the form from. <b>2. Reasoning ' +
      'RL.</b> As R1-Zero, with the reward for one language. <b>3. Rejection sampling and fine-tuning.</b> The ' +
      'model answers many questions; only the right, readable answers are kept, and the base is trained anew ' +
      'on them and on ordinary texts. <b>4. A last RL</b>, with all the rewards together. Copy, practise, ' +
      'copy, practise.',
    'This recipe was run here on base, and every model on the way was asked the same 512 sums.',
  ],
  predict: 'After which stage has the share of right answers grown most?',
  choices: {
    'cold-start': '1. cold start',
    'reasoning-rl': '2. reasoning RL',
    'rejection-sft': '3. fine-tuning',
    'final-rl': '4. last RL',
  },
  show: 'Show what came of each stage',
  after: [
    'Thirty steps on examples take base from 37% to 85%, and the first RL to 98%. If that surprises you ' +
      'after the last chapters: copying is quick where there is somebody to copy. Here the examples were ' +
      'written by a program that can add. Nobody could write such examples for what no one can do yet.',
    'The last two stages neither gain nor lose here (97.4% after both, three seeds). There is one kind of ' +
      'question, and at 97.5% little is left to gain. In DeepSeek’s model these stages brought back writing, ' +
      'conversation and manners, which a model of sums has no use for. So of this part of the recipe, this ' +
      'page can show that it works, and not that it is needed.',
    'You can run a small form of the whole recipe here. It takes a minute or two, and each model appears as ' +
      'it is made. You can read on meanwhile.',
  ],
  run: 'Run the small form here',
};
