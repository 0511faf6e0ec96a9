export const think = {
  title: 'Think before you answer',
  before: [
    'If reading more has stopped helping, there is another place to spend effort: at the moment of the answer.',
    'Psychologists tell two kinds of thinking apart. One is quick and effortless: you recognise a face, you ' +
      'know what 2 + 2 is. The other takes its time, step by step, and writes things down. A language model ' +
      'that answers at once has only the first kind: each word costs it exactly one pass through its network, ' +
      'however hard the question is.',
    'But let it write its intermediate results first, and the easy passes add up. It reads what it wrote, ' +
      'does one small step, writes that down, reads again. “Let’s think step by step”, put behind a question, ' +
      'was enough to make large models better. The text in between is called the <b>chain of thought</b>.',
    'Here is R1, the model that this page opens with. It has learned to think. Ask it a sum twice: once its ' +
      'thinking is opened and closed for it, so that it has to answer at once; once it thinks as it likes.',
  ],
  question: 'A sum',
  ask: 'Ask it both ways',
  blurted: 'At once',
  thought: 'After thinking',
  beforePrediction: ['One sum proves little. So ask it forty that it has never seen, and count.'],
  predictBlurt: 'Of forty new sums of four to eight numbers: how many are right when it must answer at once?',
  predictThought: 'And how many when it may think?',
  run: 'Ask forty problems each way',
  again: 'Ask forty others',
  none: 'answering at once',
  free: 'thinking',
  after: [
    'It is the same model with the same weights in both rows. What it lacks, when it has to answer at once, ' +
      'is not knowledge but paper.',
    'More paper is not always better. On 128 problems, R1 was right 16% of the time without thinking and 92 ' +
      '% of the time when it thought as it liked. But cut off after 16 tokens it was right only 6% of the ' +
      'time: it then repeats a half-finished sum, which is worse than a guess. And “wait”, put in where it ' +
      'wanted to stop, brought it down from 92% to 44%: it has never learned to check itself, so it spoils ' +
      'what was finished.',
    'So thinking helps a model that has learned to think. Who taught it? Nobody showed this model’s ancestor ' +
      'that it should. That is the next chapter.',
  ],
};
