// The task small_talk: short words between people, and questions that a small model cannot answer, which it says.
// `hello` → `Hello`; `what is the capital of france?` → `I do not know that`.
import type { Rng } from '../../lib/rng';
import { completeDifficulty } from '../difficulty';
import { fill, speechOf } from '../talk/speech';
import { CHATS, OUTSIDE, REPLIES, THOUGHTS, UNKNOWN } from '../talk/topics';
import { plainForms, written } from '../talk/writing';
import type { Difficulty, Language, Problem, Task, ThinkingStyle, Verdict } from '../task';
import { MAX_CHARACTERS } from '../typed';

const NAME = 'small_talk';

const DIALS = [
  {
    name: 'chats',
    min: 0,
    max: 100,
    default: 25,
    label: { en: 'Greetings and the like, percent', zh: '问候等的百分比' },
  },
  { name: 'chinese', min: 0, max: 100, default: 35, label: { en: 'In Chinese, percent', zh: '中文的百分比' } },
] as const;

/** Beside ASCII. A saying makes do with these, so that models keep their vocabulary when sayings are added. */
const CHARACTERS =
  '。，？有个盒他她比多少的是倍几球你好您吗早上晚嗨谁叫什么名字人会能做我问谢再见安明天今气怎样下雨在哪里首都写一' +
  '诗说笑话唱歌喜欢颜色吃为妈日子现时间不北京海巴黎中国法本月花狗猫爱书苹果橘鸡蛋杯贝壳小红刚丽华芳蓝白';

/** In the order in which they are looked for: `good day here` greets, whatever else it may be. */
const SPEECHES = [speechOf(CHATS), speechOf(OUTSIDE)];

function problemOf(text: string): Problem | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const question = text.trim();
  const forms = plainForms(question);
  for (const meaningOf of SPEECHES) {
    for (const plain of forms) {
      const meaning = meaningOf(plain);
      if (!meaning) continue;
      // Of sayings that a template makes, whole ones are held out. The others have to be learned, as words are: of these it is
      // ways to write them.
      return { task: NAME, question, answer: meaning.reply, canonical: `-${meaning.isFilled ? plain : question}` };
    }
  }
  return undefined;
}

function generate(rng: Rng, difficulty: Difficulty): Problem {
  const { chats = 0, chinese = 0 } = completeDifficulty(DIALS, difficulty);
  for (;;) {
    const language: Language = rng.uniform() * 100 < chinese ? 'zh' : 'en';
    const topics = (rng.uniform() * 100 < chats ? CHATS : OUTSIDE).filter((topic) => topic.language === language);
    const topic = rng.pick(topics);
    const problem = problemOf(written(fill(rng.pick(topic.said), rng), language, rng));
    // Words put together by chance may say something else.
    if (problem?.answer === topic.reply) return problem;
  }
}

function isWithin({ answer }: Problem, difficulty: Difficulty): boolean {
  const { chats = 0, chinese = 0 } = completeDifficulty(DIALS, difficulty);
  const isAllowed = (is: boolean, share: number) => (is ? share > 0 : share < 100);
  return (
    isAllowed(!isUnknown(answer), chats) &&
    isAllowed(
      REPLIES.some(({ zh }) => zh === answer),
      chinese,
    )
  );
}

const isUnknown = (answer: string) => answer === UNKNOWN.en || answer === UNKNOWN.zh;

function think({ answer }: Problem, { language }: ThinkingStyle, rng: Rng): string {
  const spoken = language === 'mixed' ? rng.pick<Language>(['en', 'zh']) : language;
  return THOUGHTS[isUnknown(answer) ? 'unknown' : 'chat'][spoken];
}

/** A number out of nowhere, or what would answer another saying. */
function blunder({ answer }: Problem, rng: Rng): string {
  const others = REPLIES.filter((reply) => reply !== UNKNOWN && !isOf(reply, answer)).flatMap(({ en, zh }) => [en, zh]);
  return rng.chance(0.6) ? `${rng.integer(0, 99)}` : rng.pick(others);
}

const isOf = ({ en, zh }: (typeof REPLIES)[number], answer: string | undefined) => answer === en || answer === zh;

/** Either language is right. */
function verify({ answer: expected }: Problem, answer: string | undefined): Verdict {
  const found = answer?.trim();
  const correct = REPLIES.some((reply) => isOf(reply, expected) && isOf(reply, found));
  return { correct, expected, found };
}

export const task = {
  name: NAME,
  place: 8,
  // Runs of the mixture that were begun without this task go on with the problems they had.
  mixtureWeight: 0,
  about: {
    en: { label: 'Small talk', knows: 'how to greet, and how to say that it does not know' },
    zh: { label: '闲聊', knows: '打招呼，以及说自己不知道' },
  },
  dials: DIALS,
  words: [...REPLIES.flatMap(({ en, zh }) => [en, zh]), ...Object.values(THOUGHTS).flatMap(({ en, zh }) => [en, zh])],
  characters: CHARACTERS,
  examples: ['who is this', '早上好', '你会什么', '7!', 'wie geht es dir'],
  generate,
  isWithin,
  think,
  blunder,
  verify,
  // There is nothing to work out.
  standing: () => undefined,
  parse: problemOf,
} satisfies Task;
