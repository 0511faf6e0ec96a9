export const curriculum = {
  title: 'No human data at all',
  intro:
    'A model is shown the smallest problems, and no others. Then it writes problems for itself and tries each of them eight ' +
    'times. It learns from those that come out right in 20 to 80% of its tries: what is easier teaches nothing, what is ' +
    'harder gives no hold. For such a problem it is also rewarded as the one who asked. A verifier says what is right; nothing ' +
    'else teaches it.',
  live: 'Try it here',
  liveAbout:
    'The small form, on your device: a new model is shown sums of two to four numbers from 0 to 3. Then it is on its own. ' +
    'A few minutes in all.',
  start: 'Let it teach itself',
  stop: 'Stop',
  begun: 'A new model is made…',
  phase: {
    shown: 'Shown the smallest problems: {{step}} of {{total}}',
    own: 'Teaching itself: {{step}} of {{total}}',
  },
  stopped: 'Stopped.',
  liveFigure: 'The largest sum that it solves at least half of the time, in numbers added',
  here: 'here',
  steps: 'steps of teaching itself',
  point: 'step {{step}}: {{size}}',
  grown: 'From {{first}} to {{last}}. Of sums of more than four numbers it was shown none.',
  notGrown: 'It began at {{first}} and ended at {{last}}: this time it did not come further.',
  seen:
    'What we saw: it soon asks longer sums than it was shown, but in none of our few runs did what it solves grow beyond ' +
    'them. Between four numbers and five is a cliff; beyond it about as many answers are right as leaving out a number ' +
    'would give, where that is 0. Such answers are rewarded, too.',
  bySize: 'Held-out problems answered right, by size',
  size: 'Size',
  atStep: 'step {{step}}',
  asked: 'What it asked itself last',
  problem: 'Problem',
  right: 'Right',
  use: 'Use',
  kept: 'learned from',
  tooHard: 'too hard',
  tooEasy: 'too easy',
};
