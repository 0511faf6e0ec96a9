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
};
