export const chart = {
  summary: '{{name}}: {{first}} at step {{firstStep}}, {{last}} at step {{lastStep}}; lowest {{min}}, highest {{max}}.',
  empty: '{{name}}: not measured yet.',
  notMeasured: 'not measured',
  at: 'step {{step}}: {{value}}',
  smoothing: 'Smoothing',
  showAll: 'All metrics',
  showFew: 'Only those that matter',
  /** Two lines in one chart. */
  pair: {
    thinkingLength: {
      label: 'tokens of thinking',
      help: 'Mean number of tokens between the think tags: of the answers sampled for training, and on held-out problems.',
      first: 'sampled',
      second: 'held out',
    },
    thinkingLanguage: {
      label: 'language of the thinking',
      help: 'Share of English and of Chinese among the words of the thinking, the mean over the answers that have words.',
      first: 'English',
      second: '中文',
    },
  },
  asTable: 'View as table',
  asCharts: 'View as charts',
  step: 'Step',
  tableCaption: 'Metrics by step',
  curves: 'Curves',
  save: 'Save “{{name}}” as a file',
  saveHelp: 'Save this figure, with its caption, as SVG or PNG.',
};
