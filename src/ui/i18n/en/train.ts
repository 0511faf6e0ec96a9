export const train = {
  start: 'Start training',
  startNew: 'Start a new run',
  pause: 'Pause',
  pausing: 'Pausing after this step…',
  resume: 'Resume',
  step: 'Step',
  stepHelp: 'Take a single step',
  stop: 'Stop',
  stopping: 'Stopping after this step…',
  resumeNamed: 'Resume {{name}}',
  resumeMore: 'It stopped at step {{step}}, and is saved up to there.',
  resumeAgain_one: 'It stopped at step {{step}}. Its last checkpoint is of step {{saved}}: one step is trained again.',
  resumeAgain_other:
    'It stopped at step {{step}}. Its last checkpoint is of step {{saved}}: {{count}} steps are trained again.',
  ownSettings: 'It goes on with its own settings: <code>learning_rate {{rate}}</code>.',
  goBack: 'Go back to step {{step}}',
  steppedBack: 'Its newest checkpoint, of step {{from}}, is damaged. It goes on from the one before, of step {{to}}.',
  unsaved: 'The run goes on without being saved: closing the page now loses what it learned since step {{saved}}.',
  runUnsaved: 'no checkpoint that is whole',
  runSaved: 'saved at step {{step}}',
  changed: 'Changed settings apply to a new run; {{name}} keeps its own.',
  changedStart: 'Start a new run with these',
  intro: 'Reward it for right answers, and watch thinking appear.',
  introMore:
    'Groups of answers are sampled, a verifier scores them, and the model learns from nothing else. ' +
    'This is GRPO, the algorithm behind DeepSeek-R1, on your own GPU.',
  leadFirst: 'At step {{step}} it answered <b>{{before}}</b> right.',
  leadBefore: 'It answered <b>{{before}}</b> right before.',
  leadNow: ' At step {{step}} it answers <b>{{now}}</b>',
  leadUnsure_one: ', about as before so far: on {{count}} problem the difference may be chance',
  leadUnsure_other: ', about as before so far: on {{count}} problems the difference may be chance',
  leadNone: ', and hardly thinks any more.',
  leadSame: ', and thinks about as long.',
  leadShorter: ', and thinks {{times}} as long.',
  leadTwice: ', and thinks twice as long.',
  leadThrice: ', and thinks three times as long.',
  leadTimes: ', and thinks {{times}} times as long.',
  leadOnly: '.',
  phase: {
    ready: 'Ready',
    sampling: 'Sampling',
    scoring: 'Scoring',
    updating: 'Updating',
    evaluating: 'Evaluating',
    saving: 'Saving',
    paused: 'Paused',
    finished: 'Finished',
    failed: 'Failed',
  },
  phasePart: '{{phase}} {{done}}/{{total}}',
  stepOf: 'step {{step}} of {{max}}',
  perStep: '{{duration}} a step',
  left: '{{duration}} left',
  saved: 'saved at step {{step}}',
  deviceChange: 'Up to step {{step}} it was computed on {{before}}, from there on {{now}}.',
  deviceBits: 'The same seed gives the same bits on one device, not across them.',
  ailing: {
    frame_one: 'Since step {{since}} {{what}}. Nothing is saved meanwhile; after one more step like it the run stops.',
    frame_other:
      'Since step {{since}} {{what}}. Nothing is saved meanwhile; after {{count}} more steps like it the run stops.',
    logits: 'the model’s logits are not finite',
    loss: 'the loss is not finite',
    flat: 'every token is equally likely',
    certain: 'one token is certain at every place, and no answer is well formed',
    gradient: 'the gradient is not finite, so updates are skipped',
    formless: 'no answer is well formed any more, and none is rewarded more than another',
    diverged: 'the loss is far above that of a model that knows nothing',
  },
  alarms: 'Alarms',
  alarm: {
    klRunaway: {
      name: 'KL runs away.',
      text: 'Since step {{since}} the model is far from its reference: {{now}} nats a token.',
      remedy: 'Lower the learning rate, or hold it nearer to the reference.',
    },
    entropyCollapse: {
      name: 'Entropy has collapsed.',
      text:
        'Since step {{since}} the model is almost sure of every token ({{now}} nats, {{before}} at first), and its answers ' +
        'are no better: nothing new is tried.',
      remedy: 'Raise the entropy bonus or the upper clip, or lower the learning rate.',
    },
    lengthExplosion: {
      name: 'Answers grow without end.',
      text: 'Since step {{since}} many hit the length limit: {{now}} are cut off, {{before}} at first.',
      remedy: 'Allow longer answers, or give the reward soft_overlong a weight.',
    },
    rewardAgainstTruth: {
      name: 'Reward up, accuracy down.',
      text:
        'Held-out accuracy is {{now}}, {{before}} at its best, while the reward has not fallen: it is won by something else ' +
        'than right answers.',
      remedy: 'Read answers that earn much, and mend the reward.',
    },
    languageLoss: {
      name: 'A language is lost.',
      text: 'Since step {{since}} the thinking hardly has any {{language}}: {{now}} of it, {{before}} at first.',
      remedy: 'Give a reward for language consistency a weight.',
    },
    nothingToLearn: {
      name: 'Nothing to learn.',
      text: 'Since step {{since}} all answers to a question earn the same, in {{now}} of the groups.',
      remedy: 'Make the problems harder or easier, or skip groups of equals.',
    },
  },
  alarmLanguage: { en: 'English', zh: 'Chinese' },
  alarmWayBack: 'What came after it is forgotten. A run with other settings can start from there.',
  alarmNoWayBack: 'No checkpoint of step {{step}} or before is kept, so there is no way back.',
  progress: 'Progress of the run',
  settings: 'Settings',
  memoryNeed: 'A run like this takes about {{size}} of memory.',
  warning: {
    luspoTokenLevel:
      'The loss luspo is meant for one ratio an answer, but the ratio is of each token. Choose the ratio of the sequence.',
    vespoSequenceLevel:
      'The loss vespo weighs whole answers by itself. With the ratio of the sequence only the KL’s correction changes; ' +
      'leave it at token.',
    sequenceLevelTokenSum:
      'The ratio is of the whole sequence, but the loss {{loss}} sums over tokens, so an answer weighs ' +
      'as it is long. To weigh all answers alike, as GSPO does, choose the loss grpo.',
    cutSampling:
      'Top-p, top-k or min-p draw answers from a part of the vocabulary; they are learned from with ' +
      'log-probabilities over all of it, as in TRL. The chart sampling/sampling_logp_difference shows ' +
      'how far apart the two are.',
  },
  task: 'Task',
  taskHelp: 'What the model practises. Every problem is made anew, and a program checks the answer.',
  ownProblems: 'Your own problems…',
  preset: 'Recipe',
  presetHelp: 'A known set of options to start from. Changing an option afterwards is fine.',
  /** In English the engine's own summaries are shown. */
  presetSummaries: {} as Readonly<Record<string, string>>,
  rewards: 'Rewards',
  rewardsHelp: 'What an answer earns, each with its weight. The weighted sum is what a group compares.',
  evalProblems: 'Held-out problems',
  evalProblemsHelp: 'Problems never trained on that eval/accuracy is measured with.',
  evalEvery: 'Evaluate every',
  evalEveryHelp: 'Steps between two evaluations; 0 never evaluates.',
  checkpointEvery: 'Save every',
  checkpointEveryHelp: 'Steps between two checkpoints. Closing the page loses at most the steps since the last.',
  moreOptions: 'All options',
  optionGroup: {
    measuring: 'Measuring and saving',
    sampling: 'Answers',
    loss: 'Loss',
    entropy: 'Entropy',
    reference: 'Reference',
    updates: 'Updates and memory',
    optimizer: 'Optimizer',
  },
  moreOptionsHelp: 'The names and defaults are those of TRL’s GRPOConfig.',
  on: 'on',
  off: 'off',
  gallery: 'See recorded runs in the gallery',
  runs: 'Stored runs',
  runsNone: 'Runs are kept in this browser. There are none yet.',
  runOpen: 'Open',
  runLook: 'Look',
  runFrom: 'from {{name}}',
  runDelete: 'Delete',
  runDeleteSure: 'Delete for good?',
  runAt: 'step {{step}} of {{max}}',
  status: { running: 'interrupted', paused: 'paused', finished: 'finished', failed: 'failed' },
  startsFrom: 'A new run starts from',
  startsFromHelp:
    'The model that is loaded as it is now, with all it has learned, or one that comes with the page as it came.',
  asItIs: '{{name}}, as it is now',
  asItCame: '{{name}}, as it came',
  expect: {
    time: 'About {{time}} on this device, by the steps it took here before.',
    noTime: 'How long it takes is told after its first step here.',
    outcome: 'Such runs ({{steps}} steps from {{model}}) went from {{from}} to {{to}} right on held-out problems.',
    unknown:
      'The card of {{model}} does not name “{{task}}”: expect few right answers, or none, and little to learn from.',
    startFrom: 'Start from {{name}}, which knows it',
    make: 'No model that comes with the page knows it. A base that does can be made here; it goes on after a stop.',
    made: 'Such a base answered {{from}} right, and {{to}} after a run.',
    makeIt: 'Pretrain a base here',
    noRecipe: 'No model that comes with the page knows it, and there is no recipe for one yet.',
  },
  trying: 'Trying it on some questions…',
  doubt: {
    title: 'Start all the same?',
    none_one:
      '{{model}} was just tried on {{count}} held-out question of “{{task}}” and answered none of them ' +
      'right (95% interval of its accuracy: 0 to {{high}}).',
    none_other:
      '{{model}} was just tried on {{count}} held-out questions of “{{task}}” and answered none of ' +
      'them right (95% interval of its accuracy: 0 to {{high}}).',
    hopeless:
      'Where no answer is right, none is better than another, and a run has nothing to learn from: ' +
      'expect the accuracy to stay at 0%.',
    wrecked: 'The run that it comes from, {{name}}, may have wrecked it.',
    recipe:
      'The models that come with the page know “{{known}}” alone. A base model for “{{task}}” is made on the command line:',
    fromBase: 'Start from {{name}}, as it came',
    anyway: 'Start anyway',
    cancel: 'Do not start',
  },
  elsewhere: 'Another tab of this browser has {{name}}.',
  elsewhereMore:
    'Only one tab at a time can go on with a run. Go on there; or close that tab, then open the run ' +
    'here. Until then you can look at it here, up to step {{step}}, and start other runs.',
  elsewhereOpen: 'Try to open it here',
  elsewhereStatus: 'open in another tab',
};
