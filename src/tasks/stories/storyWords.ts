// The words of stories in numbers, in both languages. Each is one token, spaces included. Names and things stand at the same
// places in both, so that a thought may be in another language than its question.
import type { Language } from '../task';

type Both<T> = Readonly<Record<Language, T>>;

/** He and she take turns. */
export const NAMES: Both<readonly string[]> = {
  en: ['Tom', 'Mia', 'Ben', 'Ann', 'Sam', 'Lily'],
  zh: ['小明', '小红', '小刚', '小丽', '小华', '小芳'],
};

export const THINGS: Both<readonly string[]> = {
  en: [' apples', ' oranges', ' eggs', ' balls', ' cups', ' shells'],
  zh: ['苹果', '橘子', '鸡蛋', '球', '杯子', '贝壳'],
};

/** What brings a number in or takes it out. */
export interface Verb {
  readonly sign: '+' | '-';
  readonly en: string;
  readonly zh: string;
  /** Somebody gets what another gives. */
  readonly isGift?: true;
}

export const VERBS: readonly Verb[] = [
  { sign: '+', en: ' buys ', zh: '买了' },
  { sign: '+', en: ' finds ', zh: '捡到' },
  { sign: '+', en: ' gets ', zh: '得到' },
  { sign: '-', en: ' gives ', zh: '给了', isGift: true },
  { sign: '-', en: ' loses ', zh: '丢了' },
  { sign: '-', en: ' sells ', zh: '卖了' },
];

/** What a thought says before a calculation, by what the calculation is for. */
export const LEADS = {
  boxes: { en: 'In all ', zh: '总共' },
  '+': { en: 'Now there are ', zh: '现在有' },
  '-': { en: 'Left are ', zh: '还剩' },
  together: { en: 'Together ', zh: '加起来' },
  share: { en: 'Each bag has ', zh: '每袋有' },
} as const satisfies Record<string, Both<string>>;

const EN_PHRASES = [
  ' has ',
  ' boxes with ',
  ' each',
  ' He',
  ' She',
  ' and',
  ' more',
  ' fewer',
  ' to ',
  ' than ',
  ' times as many',
  ' as ',
  ' puts them into ',
  ' bags equally',
  ' How many',
  ' does ',
  ' have',
  ' do they have together',
  ' are in each bag',
];

const ZH_PHRASES = ['每盒', '把它们平均装进', '袋子', '现在', '他们一共', '每个'];

/** Every token of more than one character. */
export const STORY_WORDS: readonly string[] = [
  ...Object.values(NAMES).flat(),
  ...Object.values(THINGS).flat(),
  ...VERBS.flatMap(({ en, zh }) => [en, zh]),
  ...Object.values(LEADS).flatMap(({ en, zh }) => [en, zh]),
  ...EN_PHRASES,
  ...ZH_PHRASES,
].filter((word) => word.length > 1);

export const STORY_CHARACTERS = '0123456789+-*/=.? 。，？有个盒他她比多少的是倍几球';
