export const onePage = {
  title: 'The whole of GRPO on one page',
  intro:
    'Tokens, a tiny model, sampling, rewards, loss, gradient, optimizer: this file is all of it. Press Play, and it runs.',
  tested:
    'Tested against the engine of this page: same model, same answers, and losses, gradients and weights agree to five places.',
  play: 'Play',
  pause: 'Pause',
  line: 'One line',
  round: 'One round',
  again: 'Start again',
  slowly: 'slowly',
  code: 'The program, line by line',
  rounds_one: '{{count}} round',
  rounds_other: '{{count}} rounds',
  accuracy: 'Right answers',
  accuracyHelp: 'Share of right answers, over the last {{count}} rounds. It starts from random weights.',
  notYet: 'The curve begins with the first round.',
};
