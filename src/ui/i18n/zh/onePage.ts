import type { Catalogue } from '../en';

export const onePage: Catalogue['onePage'] = {
  title: '一页写完的 GRPO',
  intro:
    '这个文件就是整个算法：词元、一个极小的模型、采样、奖励、优势、损失、梯度、优化器。它不导入任何东西。按下“播放”，运行的就是你读到的这些行。',
  tested: '它与本页自己的引擎对照测试过：同样的模型、同样的回答，损失、梯度以及二十步之后的权重有五位小数一致。',
  play: '播放',
  pause: '暂停',
  line: '走一行',
  round: '走一轮',
  again: '重新开始',
  slowly: '慢放',
  code: '程序，逐行',
  rounds_one: '{{count}} 轮',
  rounds_other: '{{count}} 轮',
  accuracy: '答对的比例',
  accuracyHelp: '最近 {{count}} 轮中答对的比例。从随机权重开始。',
  notYet: '从第一轮开始有曲线。',
};
