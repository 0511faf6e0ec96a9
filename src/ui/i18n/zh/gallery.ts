import type { Catalogue } from '../en';

export const gallery: Catalogue['gallery'] = {
  title: '画廊',
  intro: '在一块处理器上录下的完整训练，每个在这里用二十秒播放。播放时不做任何计算。',
  play: '播放',
  compare: '并排比较',
  open: '查看各阶段',
  busy: '这里正在训练。请先暂停或停止，再播放录像。',
  missing: '无法取得这段录像。请检查网络后重试。',
  entries: {
    zero: {
      title: 'R1-Zero：只凭一条规则',
      about: '一个多半脱口而出的基础模型，只由一条规则奖励。没有任何示范，正确率和思考长度一同上升。',
    },
    stages: {
      title: 'R1 的各阶段',
      about:
        '冷启动、强化学习、拒绝采样、蒸馏：每个阶段做出了什么，用同一批留出题测量。小模型该蒸馏还是该强化学习，由其中两个分支回答。',
    },
    hacked: {
      title: '被钻了空子的奖励',
      about:
        '它奖励 R1-Zero 答得短，答对只给一点。奖励上升，思考消失，几乎所有正确答案也随之而去：被奖励的并不是想要的。',
    },
    collapse: {
      title: '崩溃与警报',
      about: 'R1-Zero，学习率却高得离谱。权重被毁，警报说明从哪一步开始，训练自行停止，不覆盖在那之前的检查点。',
    },
    length: {
      title: 'Dr. GRPO 与 GRPO',
      about:
        '起点、种子和题目相同，损失不同：GRPO 把回答的损失除以它的长度，并把优势除以组内的离散程度；Dr. GRPO 两者都不做。' +
        '请看长度和正确率。',
    },
  },
};
