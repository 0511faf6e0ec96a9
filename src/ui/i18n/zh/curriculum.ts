import type { Catalogue } from '../en';

export const curriculum: Catalogue['curriculum'] = {
  title: '完全不用人的数据',
  intro:
    '给模型看的只有最小的题。此后它自己出题，每道题自己做八遍，只从做对 20% 到 80% 的题里学习：' +
    '更容易的教不了什么，更难的无从下手。出了这样的题，它作为出题者也得到奖励。对错由验证器判断，此外没有任何老师。',
  live: '在这里试试',
  liveAbout: '小规模版本，在你的设备上：给一个新模型看两到四个 0 到 3 之间的数的加减题，此后全靠它自己。前后几分钟。',
  start: '让它自己教自己',
  stop: '停止',
  begun: '正在造一个新模型……',
  phase: {
    shown: '看最小的题：{{step}} / {{total}}',
    own: '自己教自己：{{step}} / {{total}}',
  },
  stopped: '已停止。',
  liveFigure: '至少能做对一半的最长的题，按相加的数的个数',
  here: '这里',
  steps: '自己教自己的步数',
  point: '第 {{step}} 步：{{size}}',
  grown: '从 {{first}} 到 {{last}}。四个数以上的题，没有人给它看过一道。',
  notGrown: '开始时是 {{first}}，结束时是 {{last}}：这一次没有走得更远。',
  seen:
    '我们看到的：它很快就会出比看过的更长的题，但在我们为数不多的几次训练中，它会做的题都没有更长。' +
    '从四个数到五个数是一道悬崖：悬崖之外做对的比例，大约就是漏掉一个数而它恰好是 0 的比例，而这样的对也得到了奖励。',
  bySize: '留出的题各大小做对的比例',
  size: '大小',
  atStep: '第 {{step}} 步',
  asked: '它最近给自己出的题',
  problem: '题目',
  right: '做对',
  use: '用处',
  kept: '从中学习',
  tooHard: '太难',
  tooEasy: '太容易',
};
