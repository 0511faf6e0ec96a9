import type { Catalogue } from '../en';

const exportTexts: Catalogue['export'] = {
  title: '到集群上继续',
  intro:
    '把这里找到的方法带到有显卡的一台或多台机器上继续：一个文件夹，包含模型、题目、用 Python 写的奖励，以及按训练程序自己的名称写好的设置。' +
    '其中的 README 说明如何开始，以及有哪些不同。',
  target: '训练程序',
  targets: {
    trl: 'TRL，单机',
    ray: 'TRL，Ray 集群',
    verl: 'veRL，Ray 集群',
  },
  verlNote: '为 veRL 写的内容已对照它的选项表检查，但没有在显卡上运行过。',
  problems: '训练题数',
  problemsHelp: '每题一次。留空：4,096 题，或该任务的全部题目。',
  base: '起点',
  ownModel: '这个模型，以最近一次保存为准',
  hubModel: 'Hugging Face 上的基础模型',
  hubName: '基础模型名称',
  hubHelp: '写作“所有者/名称”，例如 Qwen/Qwen3-0.6B。提示由它自己的对话模板写成，学习率和长度会重新设定。',
  make: '生成任务',
  making: '正在生成……',
  made: '{{file}}（{{size}}）已在下载中。',
};

export { exportTexts as export };
