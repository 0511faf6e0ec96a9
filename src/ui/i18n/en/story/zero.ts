export const zero = {
  title: 'R1-Zero',
  before: [
    'AlphaGo learned from the games of masters. AlphaZero learned from the rules alone, and became stronger. ' +
      '<b>R1-Zero</b> is named after it: take a base model, show it no worked example, reward right answers by ' +
      'rule, and take step after step.',
    'This is a recorded run on base, 150 steps, twelve minutes on two processor cores. It shows the share of ' +
      'right answers in each step, and how long the answers are:',
  ],
  recorded: [
    'Two curves rise together. Nobody asked for longer answers; length earns nothing. But answers that write ' +
      'their steps down are right more often, so they are pushed more often, so there are more of them. Within ' +
      '20 steps thinking spreads from a third of the answers to nearly all.',
    'Now see it happen here. Fifteen steps, with what the step of the last chapter began if you have taken ' +
      'it. Sixty-four sums that are never trained on are asked before and after.',
  ],
  predict: 'Base gets about 24 of 64 right. After sixteen steps in all, how many of the 64?',
  run: 'Take fifteen steps',
  again: 'Do it again from base',
  wasRight: 'Right before the first step',
  isRight: 'Right after the last step',
  after: [
    'Over three seeds and 150 steps, base went from 35% to <b>91.7%</b> (± 0.8), and its thinking from 10 ' +
      'tokens to 35. Nobody showed it how.',
    'Be careful with what that means. RL did not put the arithmetic in: base could do it, in one of three ' +
      'answers. Asked 16 times, it had every problem right at least once. What changed is that the rare good ' +
      'answer became the usual one. And started from random weights the same recipe does nothing at all: in 50 ' +
      'steps of three seeds no answer was ever right, so nobody was better than the group, so the weights ' +
      'stayed where they were.',
    'Your run is kept in this browser like any other; you find it on <train>Train</train>, and can ask the ' +
      'model on <ask>Ask</ask>.',
  ],
};
