export const selfPlay = {
  title: 'Playing against itself',
  before: [
    'In March 2016 AlphaGo met Lee Sedol, one of the best Go players alive. Its thirty-seventh move of the second game ' +
      'looked like a mistake: by its own reckoning a person would make it once in ten thousand games. It won that game. ' +
      'AlphaGo had begun by imitating the games of people; then it played against itself, and was told only who had won. ' +
      'The essay sees the same in R1-Zero: <b>who imitates does not pass the teacher, who tries for himself may</b>.',
    'Here is the smallest game in which this can be checked: Nim. There are one or two heaps of stones; a move takes one ' +
      'to three stones from one heap; who takes the last stone wins. The perfect move is known, so that every move can be ' +
      'judged. The learner never sees that judgement.',
    'The teacher is a program that plays badly on purpose. It blurts out four moves in ten without thinking, slips in a ' +
      'fifth of its thoughts, and hardly ever dares to take three. A pupil imitates its games. Then it plays both sides ' +
      'against itself, and the only reward is who won.',
  ],
  predict: 'The teacher finds a winning move in {{share}} of positions that can be won. And its pupil after self-play?',
  choices: { worse: 'fewer than before', better: 'more, but fewer than the teacher', above: 'more than the teacher' },
  run: 'Imitate, then play',
  goOn: 'Go on',
  show: 'Show what came of it',
  stage: { pupil: 'It imitates', player: 'It plays against itself' },
  part: '{{stage}}: {{done}} of {{total}}',
  teacher: 'The teacher’s moves that win',
  pupil: 'The pupil’s, which imitates',
  player: 'Its moves after self-play',
  unseen: 'All three on positions that no training has.',
  after: [
    'What changed can be read in its thoughts. The pupil thinks as its teacher did: what each heap leaves by four, the ' +
      'difference of the two, the move. Like its teacher it blurts out many moves, slips, and where the difference is three ' +
      'takes one or two. In self-play a three is tried now and then, and the games that follow are won. <b>Its teacher ' +
      'hardly ever made that move.</b> Play against both in <nim>the lab</nim>, which marks such moves.',
    'Recorded over three seeds, with three times as many steps: teacher 61%, pupil 52%, after self-play 92%.',
  ],
  limits: [
    'It did not go as the tale has it at once. In the first attempts self-play taught nothing: the games that judged a move ' +
      'were played on at random, four moves in ten blurted out, and were won and lost by chance; and the thought jumped ' +
      'from the heaps to the move. Now both sides play on as well as they can, and the thought goes in small steps. And ' +
      'it is slow: after 200 steps one of the three still stood at 36%, and at twice the rate a run forgot how to think.',
    'And this is not AlphaGo Zero, which began with nothing. It began with a model that can calculate, and with a teacher ' +
      'whose thoughts held the right way among the blunders. Self-play found out which of them win. Games have something ' +
      'that most questions lack: in the end somebody has won, and nobody needs to be asked.',
  ],
};
