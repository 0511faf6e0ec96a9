import type { Catalogue } from '../en';

export const chart: Catalogue['chart'] = {
  summary: '{{name}}：第 {{firstStep}} 步 {{first}}，第 {{lastStep}} 步 {{last}}；最低 {{min}}，最高 {{max}}。',
  empty: '{{name}}：尚未测量。',
  notMeasured: '未测量',
  at: '第 {{step}} 步：{{value}}',
  smoothing: '平滑',
  showAll: '全部指标',
  showFew: '只看主要几项',
  pair: {
    thinkingLength: {
      label: '思考词元数',
      help: '思考标签之间的平均词元数：训练中采样的答案，以及保留题。',
      first: '采样',
      second: '保留题',
    },
    thinkingLanguage: {
      label: '思考的语言',
      help: '思考文字中英文与中文各占多少，取有文字的答案的平均值。',
      first: '英文',
      second: '中文',
    },
  },
  asTable: '以表格查看',
  asCharts: '以曲线查看',
  step: '步',
  tableCaption: '各步指标',
  curves: '曲线',
  save: '把“{{name}}”存成文件',
  saveHelp: '把这幅图连同说明存为 SVG 或 PNG。',
};
