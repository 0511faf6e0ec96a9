export const curriculum = {
  title: 'No human data at all',
  intro:
    'A model is shown sums of two and three numbers, and no others. Then it writes problems for itself and tries each of them ' +
    'eight times. It learns from those that come out right in 20 to 80% of its tries: what is easier teaches nothing, what is ' +
    'harder gives no hold. For such a problem it is also rewarded as the one who asked. A verifier says what is right; nothing ' +
    'else teaches it.',
  live: 'Try it here',
  liveAbout: 'The small form, on your device: a new model, about two minutes in all.',
  start: 'Let it teach itself',
  stop: 'Stop',
  begun: 'A new model is made…',
  phase: {
    shown: 'Shown the smallest sums: {{step}} of {{total}}',
    own: 'Teaching itself: {{step}} of {{total}}',
  },
  stopped: 'Stopped.',
  liveFigure: 'The largest sum that it solves at least half of the time, in numbers added',
  here: 'here',
  steps: 'steps of teaching itself',
  point: 'step {{step}}: {{size}}',
  grown: 'From {{first}} numbers to {{last}}. Of sums longer than three it was shown none.',
  notGrown: 'It began at {{first}} numbers and ended at {{last}}: this time it did not come further.',
  asked: 'What it asked itself last',
  problem: 'Problem',
  right: 'Right',
  use: 'Use',
  kept: 'learned from',
  tooHard: 'too hard',
  tooEasy: 'too easy',
};
