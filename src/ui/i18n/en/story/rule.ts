export const rule = {
  title: 'A rule instead of a teacher',
  before: [
    'How do you teach somebody to think? The obvious way is to have people rate the answers, and to train ' +
      'the model towards what they like. That is how chat models were made polite. But a rater can only grade ' +
      'what they understand. A pupil may outgrow a school teacher if a professor does the grading, and will ' +
      'hardly outgrow the professor. In 2016, experts watching AlphaGo took its 37th move of the second game ' +
      'for a mistake; it won the game. A panel of raters would have marked it down.',
    'For some questions no rater is needed. A sum can be checked; a program can be run. So drop the teacher ' +
      'and keep a <b>rule</b>: 1 point if the number between <code>&lt;answer&gt;</code> and ' +
      '<code>&lt;/answer&gt;</code> is right, 0.1 more if the form is right. The rule does not say how to get ' +
      'there. It never looks at the thinking.',
    'But one answer with one point says little: was it good, or was the question easy? So ask <b>the same ' +
      'question eight times</b>. The model draws its words at random from what it finds likely, so the eight ' +
      'answers differ. Now each can be compared with the others.',
    'Ask base, the model before any reward. It has read sums with and without thinking, many of them with a ' +
      'wrong answer. It thinks about one time in three.',
  ],
  question: 'A sum',
  predict: 'Of eight answers by base, how many will be right?',
  run: 'Draw eight answers',
  again: 'Draw eight others',
  drawing: 'Eight answers, drawn at once',
  equal:
    'All eight earned the same. Nobody was better than the group, so this group teaches nothing. Draw again, ' +
    'or try another sum.',
  after: [
    'The bar on the left of an answer is its <b>advantage</b>: how much better than the group it did. Nobody ' +
      'told the model that thinking is good. But draw a few groups, and see which answers are right. Made to ' +
      'answer at once, base is right 16% of the time; free to think when it likes, 37%.',
    'A group in which all are right, or all wrong, says nothing: each is as good as the average. The best ' +
      'teachers are questions that the model gets right now and then.',
    'On 512 problems base answers 37% right. Yet asked 16 times, it gets every single one of 128 problems ' +
      'right at least once. What it needs to learn is in it already; it only comes up too seldom.',
  ],
};
