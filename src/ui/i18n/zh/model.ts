import type { Catalogue } from '../en';

export const model: Catalogue['model'] = {
  summary: '{{parameters}} 参数，{{experts}} 个专家中激活 {{active}} 个',
  summaryDense: '{{parameters}} 参数，稠密模型',
  none: '尚无模型',
  opening: '正在启动引擎…',
  unavailable: '无法计算',
  progress: '{{stage}} {{share}}',
  stage: { download: '正在下载模型', check: '正在校验模型', upload: '正在送入设备', compile: '正在准备程序' },
  about: {
    base: '只经过预训练。大多脱口而出，错的多于对的。',
    'r1-zero': '只用强化学习训练 base，没有任何示范。它会思考，两种语言混用。',
    r1: 'base 走完 R1 的各个阶段：示范、强化学习、自己最好的回答，再来一次强化学习。它用英文思考。',
    distilled: '大小约为其他模型的一半，由一个更大模型的回答教出来。',
    'wide-base': '同时在七类任务上预训练。大多脱口而出，错的多于对的。',
    'wide-zero': '只用强化学习在所有任务上训练 wide-base；不知道的，它会说不知道。',
    'wide-r1': 'wide-base 走完 R1 的各个阶段。题目用什么语言，它就用什么语言思考。',
  },
  layer: '第 {{layer}} 层',
  expert: '专家 {{expert}}',
};
