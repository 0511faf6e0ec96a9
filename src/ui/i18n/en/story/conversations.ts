export const conversations = {
  title: 'Learning from conversations',
  before: [
    'Does such a model learn from what its users tell it? The essay answers: what they write hardly matters. What ' +
      'may matter is what the model writes for them. Its chains of thought are paid for by whoever asks, and where ' +
      'an answer can be checked it is known which of them ended well. The ARC Prize’s analysis of R1-Zero drew the ' +
      'conclusion: such thoughts are new data, at no cost to the maker.',
    'So let base serve 120 questions, as if 120 people had asked one each. The verifier sorts the answers; the ' +
      'thoughts that came out right become the texts of a short fine-tuning of 24 steps. 128 other sums are asked before ' +
      'and after.',
  ],
  predict: 'Base gets about 37% right. And after it has learned from its own right thoughts?',
  choices: { under30: 'less than 30%', upTo45: '30 to 45%', upTo60: '45 to 60%', over60: 'more than 60%' },
  run: 'Serve 120 questions, and learn',
  kept: 'Thoughts that came out right',
  keptOf: '{{count}} of {{of}}',
  after: [
    'Recorded over three seeds: 35% before; 42% after the right thoughts of 12 questions, <b>55%</b> after those of ' +
      '120, 71% after those of 1,200. Its thoughts became twice as long. What so few thoughts teach is mostly to think ' +
      'at all: base does so in one answer of three, and those are the ones that come out right. R1, which always thinks, ' +
      'learned nothing more from its own.',
    'And “what they write hardly matters”? Taken literally, no. The same thoughts with their questions left out brought ' +
      'the model to 10%: it learned to think past the question that it was asked. <b>A thought is data only beside what it is ' +
      'a thought about.</b>',
    'What you ask on this page is not kept, unless you switch that on: then it stays in this browser, can be ' +
      'deleted, and the loaded model can <chats>learn from it</chats>.',
  ],
};
