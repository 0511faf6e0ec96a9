import type { Catalogue } from '../en';

export const measured: Catalogue['measured'] = {
  share: '{{share}}（{{range}}），共 {{trials}} 题',
  shareAlone: '{{share}} ({{range}})',
  help: '保留题中答对的比例。括号内是真实比例的 95% 置信区间（Wilson）。',
  heldOut: '保留题答对：{{shares}}。括号内为 95% 置信区间。',
  temperature: '抽样温度 {{temperature}}。',
  unknown: '它的模型说明没有写明测了多少题。',
};
