import type { Catalogue } from '../en';

export const runs: Catalogue['runs'] = {
  title: '并排看各次训练',
  intro: '选择几次训练叠在一起看。一个光标同时读出它们在同一步的数值。',
  chosen_one: '要比较的训练',
  chosen_other: '要比较的训练，最多 {{count}} 个',
  differences: '设置上的不同',
  noDifferences: '它们的设置完全相同。',
  setting: '设置',
  otherMetrics_one: '再显示一项指标',
  otherMetrics_other: '再显示其他 {{count}} 项指标',
  fewMetrics: '只显示最要紧的',
};
