import type { Catalogue } from '../en';

export const metricHelp: Catalogue['metricHelp'] = {
  reward: '这一步所有答案加权奖励的平均值。',
  'eval/accuracy': '保留题答对的比例；这些题从不参与训练。',
  'completions/mean_length': '答案的平均词元数，含思考。',
  entropy: '模型在每个词元上的犹豫程度。接近零说明它不再探索。',
  kl: '模型离参考模型（即起始模型）有多远。',
  klRenewed: '模型离参考模型有多远。权重每更新 {{count}} 次，参考模型就换新一次，曲线随之重新开始。',
  frac_reward_zero_std: '每个答案得分都一样的组：没有谁更好，所以学不到东西。',
};
