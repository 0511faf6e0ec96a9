import type { Catalogue } from '../en';

export const model: Catalogue['model'] = {
  summary: '{{parameters}} 参数，{{experts}} 个专家中激活 {{active}} 个',
  summaryDense: '{{parameters}} 参数，稠密模型',
  none: '尚无模型',
  opening: '正在启动引擎…',
  unavailable: '无法计算',
  progress: '{{stage}} {{share}}',
  stage: { download: '正在下载模型', check: '正在校验模型', upload: '正在送入设备', compile: '正在准备程序' },
};
