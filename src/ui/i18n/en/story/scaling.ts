export const scaling = {
  title: 'What size buys',
  before: [
    'The bet of the first chapter came with a number. In 2020 Kaplan and others found that the loss of a language ' +
      'model falls along a straight line, on logarithmic axes, as models, texts and computing grow. In 2022 the ' +
      'Chinchilla study wrote it as a sum: what remains at best, and a term that falls with size, and one that ' +
      'falls with text. With such a law one can reckon what the next model will be worth before it is built. Much ' +
      'money was spent on that reckoning.',
    'Here nine models are trained, each from nothing, which takes a minute at most: three sizes by three lengths of ' +
      'the same kind of text. The largest has eight times the parameters of the smallest, the longest text is nine ' +
      'times the shortest.',
  ],
  predict:
    'Begin with the smallest model and the shortest text. What lowers its loss more: eight times the size, or nine ' +
    'times the text?',
  choices: { size: 'the size', text: 'the text', alike: 'both alike' },
  run: 'Train nine models',
  again: 'Train them again',
  losses:
    'The smallest model on the shortest text: {{none}} nats a token. With the size alone {{size}}, with the text ' +
    'alone {{text}}, with both {{both}}.',
  after: [
    'A large model that has read little is no better than a small one: in sixteen steps there is nothing for its size ' +
      'to hold. Size pays once there is text, as the ends of the three lines show, and so both must grow. That is the ' +
      'price in the law. Over twenty models, up to ' +
      '202,000 parameters and a million tokens, the best size grew as computing to the power of 0.36; Chinchilla ' +
      'has about 0.5. But 80% of refits lie between 0.25 and 0.64: so small a range hardly determines a law. Look at ' +
      'the lines in <scaling>the lab</scaling> before you believe one.',
    'And where no more text is to be had? It can be read again. Recorded: half a million tokens, of texts that were ' +
      'read once, or four, sixteen and sixty times.',
  ],
  wall: [
    'Four times is nearly as good as new text, as Muennighoff and others found in 2023 for models a thousand times ' +
      'larger. Sixty times does harm, and more of it to the larger model, which learns its texts by heart. <b>This is the ' +
      'wall of missing text, in small: beyond it more size makes a model worse.</b> What the next chapters of the ' +
      'real story looked for is what this story is about: another source of texts, made by the model itself, and a ' +
      'rule that tells the good ones.',
  ],
};
