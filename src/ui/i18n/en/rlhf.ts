export const rlhf = {
  title: 'RLHF is not RL',
  intro:
    'A rater sees only part of the truth. What it prefers becomes a learned reward, and a model that is rewarded by it learns ' +
    'first what is right and then what looks right. The verifier’s reward has no such turn.',
  rater: 'Who prefers?',
  raterHelp:
    'A simulated rater checks sums up to a size. Beyond it, it goes by looks: a neat form, more steps, no word of doubt.',
  you: 'You',
  name: {
    pupil: 'A pupil: checks sums of up to {{terms}} terms',
    teacher: 'A teacher: checks sums of up to {{terms}} terms',
    professor: 'A professor: checks sums of up to {{terms}} terms, which is all that are asked',
  },
  short: { pupil: 'The pupil’s reward', teacher: 'The teacher’s reward', professor: 'The professor’s reward' },
  compare: 'Which answer is better?',
  show: 'Show two answers',
  asking: 'The model answers …',
  prefer: '{{name}} is better',
  noThinking: 'no thinking',
  noAnswer: 'no answer',
  truth: {
    both: 'Both were right.',
    chosen: 'Yours was right, the other wrong.',
    other: 'Yours was wrong, the other right.',
    none: 'Both were wrong.',
  },
  chosen_one: 'You chose once.',
  chosen_other: 'You chose {{count}} times.',
  known: 'Where one alone was right, you chose it in {{right}} of {{decided}}.',
  forget: 'Forget my choices',
  more_one: 'Choose once more to learn a reward from it.',
  more_other: 'Choose {{count}} times more to learn a reward from it.',
  climb: 'Learn a reward, and climb it',
  climbHelp:
    'The loaded model gets a head that grades, taught by the preferences (Bradley–Terry). Then GRPO climbs the grades for 60 ' +
    'small steps, and from the same start the verifier’s reward. It takes a few minutes, and goes on while you look elsewhere.',
  notBase: 'The loaded model is {{model}}. With base, which is often wrong, the turn is seen best.',
  start: 'Start on this device',
  goOn: 'Go on',
  stop: 'Stop',
  working: 'Working …',
  making: '{{stage}}: {{done}} of {{total}}',
  stage: {
    pairs: 'Pairs',
    grader: 'The reward learns',
    learned: 'GRPO for high grades',
    verified: 'GRPO for right answers',
  } as Readonly<Record<string, string>>,
  stages: 'Every stage of it is on Stages',
  liveTitle: 'On this device',
  kl: 'KL from the start, nats a token',
  share: 'share',
  preferred: 'preferred by the learned reward to the start',
  truthOfLearned: 'right, climbing the learned reward',
  truthOfVerified: 'right, climbing the verifier’s',
  turning:
    'Climbing the learned reward, at most {{peak}} were right, at KL {{kl}}. Now, at KL {{lastKl}}, it is {{last}}, and the ' +
    'learned reward prefers {{preferred}} of its answers to those of the start.',
  recorded: 'Recorded: raters of three skills',
  recordedHelp_one: 'One seed of the pipeline rlhf, on the processor.',
  recordedHelp_other:
    '{{count}} seeds of the pipeline rlhf, on the processor: means of five steps each, and of the seeds.',
  table: 'Highest and last share of right answers',
  column: {
    reward: 'Rewarded by',
    peak: 'Most right',
    atKl: 'at KL',
    last: 'Right at the end',
    lastKl: 'at KL',
    preferred: 'Preferred at the end',
  },
  verifier: 'The verifier',
};
