export const model = {
  summary: '{{parameters}} parameters, {{active}} of {{experts}} experts',
  summaryDense: '{{parameters}} parameters, dense',
  none: 'no model yet',
  opening: 'Starting the engine…',
  unavailable: 'nothing computes',
  progress: '{{stage}} {{share}}',
  stage: {
    download: 'Fetching the model',
    check: 'Checking the model',
    upload: 'Moving it to the device',
    compile: 'Preparing its programs',
  },
  about: {
    base: 'Pretrained and no more. Mostly blurts out an answer, more often wrong than right.',
    'r1-zero':
      'It is base after reinforcement learning alone, with no example to follow. It thinks, in two languages at once.',
    r1:
      'It is base taken through the stages of R1: examples, reinforcement learning, its own best ' +
      'answers, reinforcement learning again. It thinks in English.',
    distilled: 'About half the size of the others, and taught by the answers of a larger one.',
    'wide-base': 'Pretrained on seven tasks at once. Mostly blurts out an answer, more often wrong than right.',
    'wide-zero':
      'It is wide-base after reinforcement learning alone on all of its tasks, and says when it does not know.',
    'wide-r1': 'It is wide-base taken through the stages of R1. It thinks in the language of the question.',
  },
  layer: 'layer {{layer}}',
  expert: 'expert {{expert}}',
};
