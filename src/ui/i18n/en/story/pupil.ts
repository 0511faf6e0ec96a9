export const pupil = {
  title: 'A pupil and its teacher',
  before: [
    'R1 is too large for a phone. So DeepSeek let it write 800,000 answers and trained small models to copy ' +
      'them. This is called <b>distillation</b>. When R1 came out, some said it must itself be a copy of ' +
      'OpenAI’s model. The essay that this story follows answered: a copy learns answers by heart and is ' +
      'almost never better than its original, and R1 is better in places. Whether that settles the question ' +
      'you may judge; what can be tried is the premise.',
    'Here is a pupil with half the parameters of R1: two layers in place of three. It was pretrained a ' +
      'little, then shown the right answers of a model like R1-Zero. It thinks as its teacher does. Does it ' +
      'know what its teacher knows?',
  ],
  predict: 'R1 gets about 37 of 40 new sums right. How many does its pupil?',
  run: 'Ask both forty problems',
  again: 'Ask both forty others',
  r1: 'r1, 398,880 parameters',
  distilled: 'distilled, half as many',
  ways: [
    'So the pupil is far behind. Yet copying was the best that could be done for it. With about 400,000 ' +
      'tokens for each way of teaching, over three seeds (recorded):',
  ],
  way: {
    teacher: 'the teacher',
    student: 'the pupil before',
    own: 'its own RL',
    onPolicy: 'the teacher’s odds, on its own answers',
    traces: 'the teacher’s right answers',
  },
  after: [
    'Left to its own trial and error, the small model learns to think at length, and no better: 11% before ' +
      'and after. There is too little right in it to be rewarded. Copying verified answers brings it to 35%. ' +
      'DeepSeek found the same with models of billions of parameters: for a small model distilling beats RL.',
    'And no pupil here came near its teacher, whose 88% stand far above. On this the essay’s premise held, ' +
      'with one teacher, one size of pupil and three seeds.',
  ],
};
