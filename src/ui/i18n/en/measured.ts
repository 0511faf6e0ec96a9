export const measured = {
  share: '{{share}} ({{range}}) of {{trials}}',
  shareAlone: '{{share}} ({{range}})',
  help: 'Held-out problems answered right. In brackets: where the true share lies, with 95% certainty (Wilson’s interval).',
  heldOut: 'Held-out problems answered right: {{shares}}. In brackets: the 95% interval.',
  temperature: 'Answers drawn at temperature {{temperature}}.',
  unknown: 'Its card does not say on how many problems this was measured.',
};
