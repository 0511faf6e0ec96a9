export const step = {
  title: 'One step',
  before: [
    'Now turn points into learning. The method is called <b>GRPO</b>, group relative policy optimization, ' +
      'and its heart is one line of arithmetic. An answer’s advantage is its reward, less the mean of its ' +
      'group, divided by the group’s spread:',
    'Then every token of an answer with a positive advantage is made a little likelier, and every token of ' +
      'one with a negative advantage a little less likely. How much a single step may change is kept on a ' +
      'short leash. That is all. No teacher’s answer is copied, since there is none.',
    'Below, base draws eight answers to each of sixteen questions, scores them and takes <b>one step</b>. ' +
      'All of its 398,880 weights move, each by about 0.0002. Then the group that tells most is shown, and the ' +
      'changed model is asked that question again.',
  ],
  predict: 'Eight new answers to the same question, after one step: how many are right, compared with before?',
  choices: { more: 'more', same: 'as many', fewer: 'fewer' },
  run: 'Take one step',
  next: 'Take another step',
  phase: {
    sampling: 'Drawing answers',
    scoring: 'Scoring them',
    updating: 'Changing the weights',
    evaluating: 'Measuring it on 64 problems that it never trains on',
    saving: 'Saving',
  },
  phasePart: '{{phase}}: {{done}} of {{total}}',
  group:
    'At step {{step}}, before its update: the group that tells most. Press “formula” at an answer for its numbers.',
  askAgain: 'Ask the changed model the same question again',
  againTitle: 'The same question after the step',
  count: 'Before: {{before}} of 8 right. After: {{after}} of 8.',
  after: [
    'Whatever you just saw, do not make too much of it. Eight answers are a small sample: two draws of eight ' +
      'often differ by one or two even where no step lies between them. One step hardly shows. This is a ' +
      'method of many small pushes, and each only has to point the right way on average.',
    'You can take a few more. Or let it run: the next chapter takes fifteen more steps with this very model.',
  ],
};
