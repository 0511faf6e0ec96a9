export const predictor = {
  title: 'A machine that guesses what comes next',
  before: [
    'A language model does one thing: it reads a text and says how likely each possible next piece is. The ' +
      'pieces are called <b>tokens</b>; here they are digits, signs, a few words such as “then”, and tags. To ' +
      'write, it draws one token by these odds, adds it to the text, and reads everything again.',
    'Below is base, a model of 398,880 parameters; DeepSeek-R1 has 671 billion. Base has read nothing but ' +
      'small sums, some worked out step by step in English or Chinese, some answered at once. Draw one token ' +
      'after another and watch where it is sure and where it is not.',
  ],
  next: 'What comes next?',
  question: 'The text so far',
  begin: 'Let it read',
  draw: 'Draw the next token',
  drawAll: 'Draw the rest',
  bars: 'The likeliest next tokens',
  other: 'Press another token to take that one, and see how the rest goes.',
  cost_one:
    '{{count}} token so far. With these predictions it can be told in {{bits}} bits; without any it takes {{blind}}.',
  cost_other:
    '{{count}} tokens so far. With these predictions they can be told in {{bits}} bits; without any it takes ' +
    '{{blind}}.',
  compression: [
    'Look at the line under the bars. What a model finds likely costs few bits to tell; what surprises it ' +
      'costs many. So good predictions make a text shorter, as a good compressor does. To predict “9 − 8 + 3 = ' +
      '” well there is no way around adding. That is the bet behind these machines: <b>to compress a text ' +
      'well, one has to find out what is behind it.</b> OpenAI made that bet first with ever larger models; ' +
      'Google had invented the architecture, and waited.',
    'That can be taken at its word. An <b>arithmetic coder</b> packs a text into just so many bits as the model ' +
      'was surprised by, and the same model unpacks it, bit for bit. Try it on a text that no training has seen:',
  ],
  pack: 'Pack a text',
  packAgain: 'Pack another text',
  packed: [
    'Each piece has its price in bits. gzip, which has read nothing before, gets next to nothing out of so short a ' +
      'text; the model has read millions of its kind. That is the whole trick, and its limit: a text of another ' +
      'kind it packs badly, and the model itself is larger than anything packed here. With a text of your own, in ' +
      'the lab: <compress>the model as a compressor</compress>.',
  ],
  pretraining: [
    'Learning to predict is called <b>pretraining</b>: read a text, compare each prediction with the token ' +
      'that really came, and move every weight a little so that it would have surprised less. Here a model ' +
      'with random weights does that for half a minute, on answers to sums of two or three small numbers. At ' +
      'the start it is as good as blind: about 6.8 bits a token.',
  ],
  predict: 'After 400 steps, some 200,000 tokens: how many bits does a token still cost it?',
  choices: { over4: 'more than 4', upTo4: '2 to 4', upTo2: '1 to 2', under1: 'less than 1' },
  learn: 'Pretrain a model',
  learnAgain: 'Pretrain another',
  now: 'Step {{step}}: {{bits}} bits a token',
  bitsHelp:
    'The loss: how surprised it is by a token of the answer, given the question. Losses are logged in nats; 1 bit is 0.69.',
  step: 'step {{step}}',
  writes: 'What it writes after',
  right_one: 'Of {{of}} sums that it has never seen, {{count}} is right.',
  right_other: 'Of {{of}} sums that it has never seen, {{count}} are right.',
  slow: 'On this device it takes about {{time}}. Meanwhile, here is how it went on another:',
  after: [
    'Most of that came from the form: which tokens follow which, where tags open and close. You saw it write ' +
      'well-formed answers long before right ones: the arithmetic comes much later. ' +
      'Base itself read 6.5 million tokens in 3,200 steps, 24 minutes on two processor ' +
      'cores, and ended at 0.70 nats, which is 1.0 bits a token. That is more than yours costs now, since it is ' +
      'measured on whole texts, question included, and on longer sums; yours on answers alone. ' +
      'After 800 steps it wrote every answer in the right form, and 8% of them were right.',
    'Not all of a text can be predicted. Nobody can know which sum comes next, so even a perfect reader ' +
      'stays above zero.',
  ],
};
