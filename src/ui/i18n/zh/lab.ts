import type { Catalogue } from '../en';

export const lab: Catalogue['lab'] = {
  title: '实验室',
  intro: '关于语言模型的种种说法，在这里逐一实验。每个实验都在你的设备上运行，并与测得的结果并列。',
  back: '← 实验室',
  chats: {
    title: '从你的对话中学习',
    about: '把模型对你的提问的思考保存在这个浏览器里，再用其中正确的来教它。',
  },
  nim: {
    title: '第 37 手：在尝试中学习',
    about: '取石子游戏：学生先模仿一位平庸的棋手，再从与自己的对弈中学习。和这两位都下一局。',
  },
  gallery: {
    title: '画廊',
    about: '录下的完整训练：被钻了空子的奖励，一次崩溃和它的警报，两种损失并排比较。',
  },
  knows: {
    title: '会什么',
    about: '按任务和题目大小测量当前模型，也测它没有训练过的大小。',
  },
  'one-page': {
    title: '一页 GRPO',
    about: '整个算法写在一个文件里，在一个小到可以看清的模型上逐行运行。',
  },
};
