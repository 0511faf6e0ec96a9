import type { Catalogue } from '../en';

export const announce: Catalogue['announce'] = {
  thinking: '正在思考',
  answering: '正在作答',
  answer_one: '答案：{{answer}}。{{verdict}}共 {{count}} 个词元。',
  answer_other: '答案：{{answer}}。{{verdict}}共 {{count}} 个词元。',
  noAnswer_one: '结束，没有答案。共 {{count}} 个词元。',
  noAnswer_other: '结束，没有答案。共 {{count}} 个词元。',
  answers_one: '{{count}} 个回答已就绪。',
  answers_other: '{{count}} 个回答已就绪。',
  majority: '多数（{{count}} 个）的答案是 {{answer}}。',
  modelReady: '模型 {{name}} 已就绪。',
  runStarted: '训练开始。',
  runPaused: '训练暂停在第 {{step}} 步。',
  runFinished: '训练在第 {{step}} 步完成。',
  runFailed: '训练在第 {{step}} 步失败。',
  workingOn: '正在进行 {{name}}',
};
