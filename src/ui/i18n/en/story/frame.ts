export const frame = {
  title: 'How a machine learned to think aloud',
  lead: [
    'In January 2025 DeepSeek-R1 showed something simple and strange: reward a language model for right ' +
      'answers alone, and it teaches itself to think before it answers.',
    'This story retells how that came about, in short chapters. Nothing in it has to be believed. Each ' +
      'chapter asks what you expect, and then tries it, on this device, with a model small enough to learn ' +
      'while you watch.',
  ],
  recorded: 'In a hurry? Whole trainings were recorded, one that went wrong among them:',
  gallery: 'the gallery',
  begin: 'Begin',
  goOn: 'Go on with “{{title}}”',
  contents: 'Chapters',
  place_one: 'Chapter {{number}} of {{count}}',
  place_other: 'Chapter {{number}} of {{count}}',
  minutes_one: 'about {{count}} minute',
  minutes_other: 'about {{count}} minutes',
  previous: 'Back',
  next: 'Next: {{title}}',
  done: 'tried',
  predict: 'What do you expect?',
  noIdea: 'I have no idea',
  predictFirst: 'First say what you expect; then the button works.',
  youSaid: 'You said <b>{{said}}</b>; it was <b>{{came}}</b>.',
  youDidNotSay: 'You made no guess; it was <b>{{came}}</b>.',
  live: 'live on this device',
  right_one: '{{count}} right',
  right_other: '{{count}} right',
  waiting: 'Not tried yet.',
  working: 'Working…',
  unavailable:
    'Nothing computes in this browser, so what is marked “live” cannot be tried here. The texts and the ' +
    'recordings are all there.',
  startAgain: 'Forget my guesses',
};
