const exportTexts = {
  title: 'Continue at scale',
  intro:
    'What you found here goes on where there are graphics cards, one or many: a folder with the model, the problems, the ' +
    'rewards in Python and the settings under the trainer’s own names. Its README says how to start it, and what differs.',
  target: 'Trained by',
  targets: {
    trl: 'TRL, on one machine',
    ray: 'TRL on a Ray cluster',
    verl: 'veRL on a Ray cluster',
  },
  verlNote: 'What is written for veRL was checked against its list of options, and was not run on graphics cards.',
  problems: 'Training problems',
  problemsHelp: 'Each once. Empty: 4,096, or all that the task has.',
  base: 'Start from',
  ownModel: 'this model, as it was last saved',
  hubModel: 'a base of Hugging Face’s hub',
  hubName: 'Name of the base',
  hubHelp:
    'OWNER/NAME, such as Qwen/Qwen3-0.6B. Its own chat template then writes the prompts; its rate and lengths are set anew.',
  make: 'Make the job',
  making: 'Making it …',
  made: '{{file}}, {{size}}, is among your downloads.',
};

export { exportTexts as export };
