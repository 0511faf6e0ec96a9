import type { Catalogue } from '../en';

export const reward: Catalogue['reward'] = {
  custom: { label: '自定义', help: '你的代码对答案的评分，在本浏览器的沙箱中运行。' },
};
