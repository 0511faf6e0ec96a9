export const verdict = {
  title: 'What to make of it',
  before: [
    'That is the story. It follows an essay of January 2025 that explained R1 to Chinese readers. An essay ' +
      'argues; this page measures. Here are eleven of the claims, as we understand them. Some held here, some ' +
      'held in part, some did not.',
  ],
  claims: {
    compression: {
      claim: 'Predict text better, and you get intelligence.',
      measured:
        'The form came first and the sums long after, from prediction alone. But base stopped at 37%, as good as ' +
        'its texts, and read on without getting better.',
    },
    rule: {
      claim: 'A rule that sees only the answer can teach a model to think.',
      measured: '35% → 91.7% right, thinking from 10 to 35 tokens, in each of three seeds.',
    },
    longer: {
      claim: 'Think longer, and you answer better.',
      measured:
        'True up to the length that was learned: 16% at once, 92% as it likes. False beyond it: made to go on ' +
        'with “wait”, R1 fell to 44%; cut off half way, to 6%.',
    },
    mixing: {
      claim: 'Left to itself it mixes languages; a reward ends that.',
      measured: 'English 73% in R1-Zero, 100% in R1.',
    },
    coldStart: {
      claim: 'The cold start buys readable thoughts, and costs some accuracy at first.',
      measured: 'After it 87% right and one language; R1-Zero, at the same temperature, 98% and two.',
    },
    stages: {
      claim: 'All four stages are needed.',
      measured:
        'The last two neither gained nor lost (97.5%, 97.3%, 97.4%). With one kind of question there is nothing ' +
        'for them to do.',
    },
    pupil: {
      claim: 'A distilled pupil does not pass its teacher, and learns more by copying than alone.',
      measured: 'Teacher 88%, pupil 35% by copying, 11% by its own RL.',
    },
    preference: {
      claim: 'Learning from preferences is not RL: what is learned is to please.',
      measured:
        'Rewarded by what a pupil preferred, the right answers rose from 40% to 65% and fell to about 10%, while the ' +
        'grades rose on. Rewarded by the verifier they did not fall.',
    },
    trial: {
      claim: 'Who imitates does not pass the teacher; who tries for himself may.',
      measured: 'At Nim, in each of three seeds: teacher 61% winning moves, its imitator 52%, after self-play 92%.',
    },
    thoughts: {
      claim: 'What users write hardly matters; the thoughts that were written for them are data.',
      measured:
        'With their questions, 35% → 55% from the right thoughts of 120 questions. Without them the model fell to 10%.',
    },
    nothing: {
      claim: 'Reinforcement learning alone is enough.',
      measured:
        'From random weights it learned nothing in 50 steps of three seeds: no answer was right, so none was ' +
        'better. It needs a base that is right now and then.',
    },
  },
  outcome: { held: 'Held.', partly: 'In part.', failed: 'Not here.' },
  predict: 'Of these eleven, how many held here in full?',
  show: 'Show what was measured',
  after: [
    'And one claim no page like this can test: that size alone has run out. The chapter on size shows what it would look ' +
      'like.',
  ],
  guesses: 'Your guesses',
  column: { chapter: 'Chapter', said: 'you said', came: 'it was' },
  end: [
    'The essay ends by saying that machines have thrown off the yoke of human feedback: one that can find ' +
      'what Pythagoras found may one day find what nobody has. Perhaps. What this page can say is smaller: ' +
      'where an answer can be checked, a machine can practise without a teacher. Where it cannot, somebody ' +
      'still has to know.',
    'Now it is yours: <ask>ask</ask> the models, <train>train</train> one on a rule of your own, run the ' +
      'whole recipe under <stages>Stages</stages>, and lay runs side by side under <compare>Compare</compare>.',
  ],
};
