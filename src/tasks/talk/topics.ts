// What people say to a small model beside its tasks, and what it says to that. Texts are lower case, without the mark at the end.
import type { Language } from '../task';
import { lines } from './lines';
import { OUTSIDE_SAID } from './outside';

/** What is said in one way, in one language, and what answers it. */
export interface Topic {
  readonly language: Language;
  /** What may be said; slots in braces are filled from SLOTS. */
  readonly said: readonly string[];
  readonly reply: string;
}

/** What the model says to all that it has not learned. */
export const UNKNOWN = { en: 'I do not know that', zh: '我不知道' } as const;

/** Every reply, in both languages. */
export const REPLIES: readonly Readonly<Record<Language, string>>[] = [
  { en: 'Hello', zh: '你好' },
  { en: 'I am a small model', zh: '我是一个小模型' },
  { en: 'I do sums and small stories', zh: '我会算术和应用题' },
  { en: 'You are welcome', zh: '不客气' },
  { en: 'Goodbye', zh: '再见' },
  UNKNOWN,
];

/** What it thinks before it says so, or before it chats. */
export const THOUGHTS = {
  unknown: { en: 'Never learned this', zh: '这个我没学过' },
  chat: { en: 'No problem to solve', zh: '这不是题' },
} as const;

export const CHATS: readonly Topic[] = [
  {
    language: 'en',
    said: lines(`
      hello | hi | hey | hello there | hi there | good morning | good evening | good afternoon | good day | hello {you}
      hi {you} | hey {you} | hello hello | hi hi | hiya | howdy | greetings | hello again | hello everyone
      good morning {you} | how are you | how do you do | how are you doing | how is it going | nice to meet you
      hello how are you | hi how are you
    `),
    reply: 'Hello',
  },
  {
    language: 'zh',
    said: lines(
      '你好 | 您好 | 你好吗 | 早上好 | 晚上好 | 早 | 嗨 | 你好{you} | 早上好{you} | 您好吗 | 你好你好 | 晚上好{you} | 你早',
    ),
    reply: '你好',
  },
  {
    language: 'en',
    said: lines(`
      who are you | what are you | what is your name | are you a robot | are you a person | who is this | tell me who you are
      who is there | are you a model | are you a computer | what should i call you | who am i talking to | are you human
      tell me your name | do you have a name | what is this | may i know your name
    `),
    reply: 'I am a small model',
  },
  {
    language: 'zh',
    said: lines(
      '你是谁 | 你叫什么名字 | 你是人吗 | 你是什么 | 你叫什么 | 您是谁 | 你的名字是什么 | 你是什么人 | 谁在说话 | 您叫什么名字',
    ),
    reply: '我是一个小模型',
  },
  {
    language: 'en',
    said: lines(`
      what can you do | what do you know | help | what can i ask | what can i ask you | can you help me | help me
      what should i ask | what are you good at | how can you help | what can you solve | what do you do | can you do sums
      what can i do here | i need help | show me what you can do
    `),
    reply: 'I do sums and small stories',
  },
  {
    language: 'zh',
    said: lines(
      '你会什么 | 你能做什么 | 我能问什么 | 你会做什么 | 我问什么好 | 您会什么 | 能问你什么 | 你能做的是什么 | 您能做什么',
    ),
    reply: '我会算术和应用题',
  },
  {
    language: 'en',
    said: lines(`
      thanks | thank you | thank you very much | thanks a lot | thank you {you} | thanks {you} | well done | great
      thank you so much | many thanks | good job | very good | that was great | nice work | thanks for that
      thanks for your help | good answer
    `),
    reply: 'You are welcome',
  },
  {
    language: 'zh',
    said: lines('谢谢 | 多谢 | 谢谢你 | 谢谢{you} | 谢谢您 | 谢谢谢谢 | 多谢你 | 你做的好 | 好的谢谢 | 多谢您'),
    reply: '不客气',
  },
  {
    language: 'en',
    said: lines(`
      bye | goodbye | bye bye | see you | see you later | good night | goodbye {you} | bye {you} | see you soon
      see you tomorrow | good night {you} | bye for now | i have to go | take care | see you again | have a nice day
      farewell
    `),
    reply: 'Goodbye',
  },
  {
    language: 'zh',
    said: lines('再见 | 再见{you} | 晚安 | 明天见 | 晚安{you} | 再见再见 | 下月见 | 晚上见 | 天天见 | 明天再见'),
    reply: '再见',
  },
];

export const OUTSIDE: readonly Topic[] = OUTSIDE_SAID.map(({ language, said }) => ({
  language,
  said,
  reply: UNKNOWN[language],
}));
