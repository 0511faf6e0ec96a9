export const languages = {
  title: 'Two languages in one thought',
  before: [
    'DeepSeek’s R1-Zero had two faults. It could not hold a conversation, since nobody had taught it any. ' +
      'And in its thinking it slid from English into Chinese and back, sometimes in the middle of a sentence. ' +
      'It makes sense that it would: the rule looks at the answer alone. Which language the thinking is in ' +
      'earns nothing and costs nothing.',
    'Our small R1-Zero does the same. Its base read six thoughts of ten in English, three in Chinese, one in ' +
      'both. Words of English are underlined, words of Chinese are dotted.',
  ],
  predict: 'Of eight answers by R1-Zero to one sum, how many have Chinese words in their thinking?',
  question: 'A sum',
  zero: 'R1-Zero thinks',
  run: 'Draw eight answers',
  count: '{{count}} of {{of}} have Chinese words in their thinking.',
  between: [
    'Mending it needs no examples either, only one more reward: the share of the thinking’s words that are ' +
      'in the wanted language. R1 was made with it.',
  ],
  one: 'R1 thinks',
  runOne: 'Ask R1 the same sum',
  after: [
    'Measured on 512 problems, three seeds, at temperature 1: R1-Zero thought in English 73% of the time (± ' +
      '6), R1 100%. On its way R1 read a handful of examples in English, and these alone brought it to 96%; ' +
      'the reward kept it there.',
    'DeepSeek reported that the reward for one language costs a little accuracy, and took it for the ' +
      'reader’s sake. Here the price shows in another place: the model that had only seen the examples was ' +
      'right less often (55%) than R1-Zero (93%) at this temperature. By the end R1 was at 94%: the price had ' +
      'been earned back.',
  ],
};
