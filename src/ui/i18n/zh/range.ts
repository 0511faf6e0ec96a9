import type { Catalogue } from '../en';

export const range: Catalogue['range'] = {
  whole: '整数',
  number: '数字',
  any: '这里要填{{what}}。',
  from: '这里要填不小于 {{min}} 的{{what}}。',
  fromTo: '这里要填 {{min}} 到 {{max}} 之间的{{what}}。',
  above: '这里要填大于 {{above}} 的{{what}}。',
  aboveTo: '这里要填大于 {{above}}、不超过 {{max}} 的{{what}}。',
  anyTo: '这里要填不超过 {{max}} 的{{what}}。',
  orEmpty: '{{sentence}}也可以留空。',
  unset: '未设置',
};
