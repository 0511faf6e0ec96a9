export const runs = {
  title: 'Runs beside one another',
  intro: 'Choose runs to lay over one another. One cursor reads them all at the same step.',
  chosen_one: 'Runs to compare',
  chosen_other: 'Runs to compare, up to {{count}}',
  differences: 'In which settings they differ',
  noDifferences: 'Their settings are the same.',
  setting: 'Setting',
  otherMetrics_one: 'Show one other metric',
  otherMetrics_other: 'Show {{count}} other metrics',
  fewMetrics: 'Show only what matters most',
};
