export const wall = {
  title: 'The wall',
  before: [
    'For years the recipe was: a larger model, more text. It worked so well that it became a law. But a law ' +
      'has a price. A model twice as large wants about twice the text, as the Chinchilla study found, and ' +
      'while computers can be built ten or a hundred times as large, people’s writing cannot be written again. ' +
      'By the end of 2024 the best of it had been read.',
    'DeepSeek’s answer to the cost was thrift. Its V3 activates only a small part of its experts for each ' +
      'token, and the final run cost about 5.5 million dollars by its own report, not counting what was tried ' +
      'before. Base is built in the same way: of its eight experts a token passes two. But thrift does not ' +
      'move the wall. It only makes it cheaper to get there.',
    'Here is the wall in small. Base was asked 512 sums at four points of its pretraining:',
  ],
  figure: 'Recorded: share of right answers by step of pretraining, with 95% intervals',
  axis: 'steps of pretraining',
  point: 'after {{step}} steps {{share}}',
  paper: [
    'It levels off below 40%. The reason here is plain, and you should know it: we built the wall ourselves. ' +
      'In base’s texts six of ten answers given without working are wrong. A reader who predicts such texts ' +
      'perfectly will be wrong just as often. <b>A predictor becomes as good as what it reads, not better.</b> ' +
      'Much of the internet is like that.',
    'Would it help to read on? Below, base reads 60,000 more tokens of the same kind. Before and after it ' +
      'answers 64 sums that it has never seen.',
  ],
  predict: 'What will 60,000 more tokens of the same do to its 37%?',
  choices: { much: 'over 60%', little: 'a little better', same: 'about the same', worse: 'worse' },
  run: 'Read 60,000 tokens more',
  activity: { training: 'Reading', measuring: 'Measuring' },
  wasRight: 'Right before',
  isRight: 'Right after',
  after: [
    'With 64 problems the interval is wide, some twelve points each way, so a small difference says nothing. ' +
      'Remember the number of tokens, though: in the sixth chapter about as many will take the same model from ' +
      '37% to about 70%. It will read no new text at all.',
    'An honest limit: what you saw is a wall made of wrong answers. The wall that the large models ran into ' +
      'was one of missing text, which is something else. A later chapter, ' +
      'on what size buys, shows a little of it.',
  ],
};
