import type { Catalogue } from '../en';

export const keys: Catalogue['keys'] = {
  title: '键盘快捷键',
  enabled: '单键快捷键',
  group: { everywhere: '所有页面', ask: '提问', train: '训练' },
  help: '本列表',
  screens: '前往提问、故事、训练、流程、对比、模型、设备、实验室',
  focusQuestion: '写问题',
  toggleThinking: '显示或隐藏思考',
  nextToken: '逐个词元时，显示下一个词元',
  showRest: '立即显示全部回答',
  stop: '停止作答',
  again: '换下一个种子再问',
  previousSample: '看前一个回答（有多个时）',
  nextSample: '看后一个回答（有多个时）',
  playPause: '暂停或继续当前训练',
  singleStep: '当前训练走一步',
  previousStep: '看前一步',
  nextStep: '看后一步',
  space: '空格',
};
