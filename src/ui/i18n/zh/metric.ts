import type { Catalogue } from '../en';

export const metric: Catalogue['metric'] = {
  reward: '奖励',
  'eval/accuracy': '保留题正确率',
  'eval/mean_thinking_length': '保留题思考词元数',
  'completions/mean_length': '平均长度（词元）',
  entropy: '熵',
  kl: '与参考模型的 KL',
  frac_reward_zero_std: '学不到东西的组',
  'rewards/accuracy/mean': '答对的比例',
  bits_per_token: '每个词元的比特数',
  loss: '损失',
  grad_norm: '梯度的长度',
  kept: '保留的答案',
  'rewards/reward_model/mean': '学来的奖励',
  pairs: '偏好对',
  accuracy: '被选中的答案得分更高',
  margin: '两个分数之差',
  'rewards/accuracies': '被选中的答案相对更可能',
  'rewards/margins': '可能性之差',
};
