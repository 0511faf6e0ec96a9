import type { Catalogue } from '../en';

export const asked: Catalogue['asked'] = {
  title: '问过的问题',
  kept: '只保存在这个浏览器里。再问时，种子和设置与当时相同。',
  learn: '用模型自己的思考来教它',
  again: '再问一次',
  forget: '删除“{{question}}”',
  forgetAll: '全部删除',
  sure_one: '删除它吗？',
  sure_other: '删除全部 {{count}} 个吗？',
  sameTitle: '并排比较',
  ofAnother: '同一个问题，再问',
  ask: '也问 {{model}}',
  atStep: '第 {{step}} 步',
  noThinking: '它没有思考就回答了。',
  noAnswer: '没有答案',
  right: '正确',
  wrong: '错误',
  fewer: '只显示最近的 {{count}} 个。',
};
