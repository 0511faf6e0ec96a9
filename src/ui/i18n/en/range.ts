export const range = {
  whole: 'a whole number',
  number: 'a number',
  any: 'It takes {{what}}.',
  from: 'It takes {{what}} of at least {{min}}.',
  fromTo: 'It takes {{what}} from {{min}} to {{max}}.',
  above: 'It takes {{what}} above {{above}}.',
  aboveTo: 'It takes {{what}} above {{above}}, at most {{max}}.',
  anyTo: 'It takes {{what}} of at most {{max}}.',
  orEmpty: '{{sentence}} It may be left empty.',
  unset: 'not set',
};
