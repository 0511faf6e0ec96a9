import type { Catalogue } from '../en';

export const fp8: Catalogue['fp8'] = {
  title: '八个比特就够了',
  intro:
    'DeepSeek-V3 是用 FP8 训练的：矩阵乘法的输入每个只有八个比特，是 float32 的四分之一。求和、优化器更新的权重，以及一切娇贵的部分都保持原样。这里做的完全一样，设备本身没有 FP8 也照样精确。',
  number: 'E4M3 里的一个数',
  numberAbout:
    '一个比特是符号，四个是指数，三个是小数：一共 253 个数，最大 448。落在两个数之间的要舍入，误差至多 6%。为了不让数太大或太小，每 128 个相邻的激活值，或每 128 × 128 个权重，共用一个比例，把其中最大的放到 448。',
  type: '一个数',
  part: { sign: '符号', exponent: '指数', fraction: '小数' },
  kept: '保存为 {{kept}}，误差 {{error}}。',
  clipped: '它超过最大的数，只能保存为 {{kept}}，误差 {{error}}。有了比例就放得下。',
  noNumber: '这不是数。请写一个数，例如 3.3。',
  line: '从 1/16 到 448 所有能表示的数，每翻一倍有八个：圆点是你的数，竖条是保存下来的。',
  two: '同一次训练，做两遍',
  twoAbout: '同一个模型、同样的随机权重、同样的 200 步文字：一遍用 float32，一遍用 FP8 做乘法。大约半分钟。',
  train: '两遍都训练',
  begun: '正在开始……',
  training: '正在训练：第 {{done}} 步，共 {{total}} 步',
  measuring: '正在测量：{{done}} / {{total}}',
  figure: '在这台设备上，损失随步数下降',
  step: '步',
  loss: '损失，每词元纳特',
  ends: '最后 float32 是 {{f32}} 纳特，FP8 是 {{fp8}}，{{which}} {{apart}}。',
  above: '高',
  below: '低',
  recorded: '录制的结果：完整日程压缩成 {{steps}} 步，2,000 段留出文字每字节的比特数',
  seed: '种子',
  control: 'float32，学习率改动百万分之一',
  seen: 'DeepSeek 报告 FP8 的损失与原来相差不到 0.25%。在这里该拿来对照的是最后一列：两次 float32 训练，学习率只差百万分之一。小模型在陡峭的曲线上，连自己都会偏离自己。',
};
