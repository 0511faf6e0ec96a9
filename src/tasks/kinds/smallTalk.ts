// The task small_talk: short words between people, and questions that a small model cannot answer, which it says.
// `hello` → `Hello`; `what is the capital of france?` → `I do not know that`.
import type { Rng } from '../../lib/rng';
import { completeDifficulty } from '../difficulty';
import { fill, speechOf } from '../talk/speech';
import { CHATS, OUTSIDE, SLOTS, THOUGHTS, type Topic, UNKNOWN } from '../talk/topics';
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

const TOPICS = [...CHATS, ...OUTSIDE];
const topicOf = speechOf(TOPICS);

/** Without case and without the marks at the end; `5!` is no mark. */
function plainOf(question: string): string {
  const text = question.trim().toLowerCase();
  return /^\d+!$/.test(text) ? text : text.replace(/[?.!？。！]+$/, '');
}

/** The topic of a question, and its plain form; undefined if it is none of them. */
function read(question: string): { readonly topic: Topic; readonly plain: string } | undefined {
  if (question.length > MAX_CHARACTERS) return undefined;
  const plain = plainOf(question);
  const topic = topicOf(plain);
  return topic && { topic, plain };
}

function problemOf(question: string): Problem | undefined {
  const found = read(question);
  // Whatever its case and marks, it is one saying.
  return found && { task: NAME, question: question.trim(), answer: found.topic.reply, canonical: `-${found.plain}` };
}

/** As people type: a capital or none, a mark or none. */
function written(saying: string, { language }: Topic, rng: Rng): string {
  if (saying.endsWith('=')) return `${saying}?`;
  if (/^[\d(]|[(=^]/.test(saying)) return saying;
  const marks = language === 'en' ? ['', '?', '.', '!'] : ['', '？', '。'];
  const text = rng.chance(0.5) ? saying : `${saying.charAt(0).toUpperCase()}${saying.slice(1)}`;
  return `${text}${rng.pick(marks)}`;
}

function generate(rng: Rng, difficulty: Difficulty): Problem {
  const { chats = 0, chinese = 0 } = completeDifficulty(DIALS, difficulty);
  const language: Language = rng.uniform() * 100 < chinese ? 'zh' : 'en';
  const topics = (rng.uniform() * 100 < chats ? CHATS : OUTSIDE).filter((topic) => topic.language === language);
  const topic = rng.pick(topics);
  return problemOf(written(fill(rng.pick(topic.said), rng), topic, rng)) as Problem;
}

function isWithin({ question }: Problem, difficulty: Difficulty): boolean {
  const { chats = 0, chinese = 0 } = completeDifficulty(DIALS, difficulty);
  const found = read(question);
  if (!found) return false;
  const isChat = CHATS.includes(found.topic);
  const isAllowed = (is: boolean, share: number) => (is ? share > 0 : share < 100);
  return isAllowed(isChat, chats) && isAllowed(found.topic.language === 'zh', chinese);
}

const isUnknown = (answer: string) => answer === UNKNOWN.en || answer === UNKNOWN.zh;

function think({ answer }: Problem, { language }: ThinkingStyle, rng: Rng): string {
  const spoken = language === 'mixed' ? rng.pick<Language>(['en', 'zh']) : language;
  return THOUGHTS[isUnknown(answer) ? 'unknown' : 'chat'][spoken];
}

/** A number out of nowhere, or what would answer another saying. */
function blunder({ answer }: Problem, rng: Rng): string {
  const others = TOPICS.map(({ reply }) => reply).filter((reply) => reply !== answer && isUnknown(reply) === false);
  return rng.chance(0.6) ? `${rng.integer(0, 99)}` : rng.pick(others.filter((reply) => !isSame(reply, answer)));
}

/** The same in the other language, by their order: the topics of one meaning stand side by side. */
function isSame(one: string, other: string): boolean {
  const placeOf = (reply: string) => TOPICS.findIndex((topic) => topic.reply === reply);
  return one === other || Math.floor(placeOf(one) / 2) === Math.floor(placeOf(other) / 2);
}

/** Either language is right. */
function verify({ answer: expected }: Problem, answer: string | undefined): Verdict {
  const found = answer?.trim();
  const isReply = found !== undefined && TOPICS.some(({ reply }) => reply === found);
  return { correct: isReply && isSame(found, expected), expected, found };
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
  words: [...TOPICS.map(({ reply }) => reply), ...Object.values(THOUGHTS).flatMap(({ en, zh }) => [en, zh])],
  characters: [
    ...new Set([...TOPICS.flatMap(({ said }) => said), ...Object.values(SLOTS).flat()].join('').replace(/[{}]/g, '')),
    '？。',
  ].join(''),
  examples: ['hello there', '早上好', '你会什么', '7!', 'wie geht es dir'],
  generate,
  isWithin,
  think,
  blunder,
  verify,
  // There is nothing to work out.
  standing: () => undefined,
  parse: problemOf,
} satisfies Task;
