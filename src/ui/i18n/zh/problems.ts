import type { Catalogue } from '../en';

export const problems: Catalogue['problems'] = {
  title: '自己的题目',
  intro:
    '一个由问题和正确答案组成的文件，CSV 或 JSON Lines 均可。模型用其中大部分题训练；约八分之一按问题本身留出，用来测量学到了什么。' +
    '题目只保存在这个浏览器里。',
  columns:
    'CSV 的第一行写列名：question、answer，还可以有 rule。rule 说明怎样算对：exact（文字相同）、number（数值相同，如 0.5 或 1/2）、' +
    'expression（对每个 x 都相等，如 2x+2 或 2(x+1)）。',
  choose: '选择文件',
  paste: '或粘贴到这里',
  name: '名称',
  read: '读取',
  good_one: '可以使用 {{count}} 道题：{{train}} 道用于训练，{{heldOut}} 道留出。',
  good_other: '可以使用 {{count}} 道题：{{train}} 道用于训练，{{heldOut}} 道留出。',
  goodNone: '没有一行可以使用。',
  noHeldOut: '没有留出的题，因此无法测量，也不能开始训练。请再加一些题，三十道左右即可。',
  noTrain: '所有题都被留出，没有可训练的。请再加一些题，三十道左右即可。',
  duplicates_one: '有 {{count}} 行与前面的行相同，已略去：{{lines}}。',
  duplicates_other: '有 {{count}} 行与前面的行相同，已略去：{{lines}}。',
  bad_one: '有 {{count}} 行不能使用',
  bad_other: '有 {{count}} 行不能使用',
  badMore: '还有 {{count}} 行：{{lines}}',
  line: '第 {{line}} 行',
  fault: {
    quotes: '引号没有在该列结束处闭合：{{found}}',
    json: '不是 JSON 对象：{{found}}',
    columns: '这一行有 {{found}} 列，与第一行不同。',
    noQuestion: '没有问题。',
    noAnswer: '没有答案。',
    longQuestion: '问题有 {{found}} 个字符，最多 500 个。',
    longAnswer: '答案有 {{found}} 个字符，最多 200 个。',
    rule: '没有“{{found}}”这种规则：请用 exact、number 或 expression。',
    answerRule: '它的规则无法判断答案“{{found}}”。',
    conflict: '第 {{other}} 行问的是同一题，答案却不是“{{found}}”。',
  },
  file: {
    empty: { what: '里面什么也没有。', remedy: '请至少给出一个问题和它的答案。' },
    tooLarge: { what: '它有 {{bytes}}。', remedy: '最多读取 {{limit}}：请分成几份。' },
    tooMany: { what: '它有 {{lines}} 行。', remedy: '最多读取 {{most}} 行：请分成几份。' },
    noColumns: {
      what: '第一行没有 question 和 answer 两列，而是：{{found}}',
      remedy: '请在第一行写 question,answer，或使用带这两个键的 JSON Lines。',
    },
    unreadable: { what: '无法读取这个文件。', remedy: '它可能刚被移动，请重新选择。' },
  },
  unreadable:
    '{{model}} 没有某些字符的词元：{{characters}}。它既读不了也写不出这些题，用它们训练会失败。请换一种写法、去掉这些题，' +
    '或载入认识这些字符的模型。',
  unreadableOne_one: '{{count}} 道题里的 {{character}}',
  unreadableOne_other: '{{count}} 道题里的 {{character}}',
  keep_one: '保留可用的 {{count}} 道',
  keep_other: '保留可用的 {{count}} 道',
  keepAll: '保留',
  keepNone: '都不保留',
  kept: '已保存',
  keptNone: '还没有。',
  size_one: '{{count}} 道题',
  size_other: '{{count}} 道题',
  heldOut: '留出 {{count}} 道',
  use: '用它训练',
  delete: '删除',
  deleteSure: '确定删除？',
};
