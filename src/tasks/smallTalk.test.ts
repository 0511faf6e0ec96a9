import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rng } from '../lib/rng';
import { OUTSIDE_QUESTIONS } from '../testing/fixtures/outsideQuestions';
import { buildTokenizerJson } from '../tokenizer/build';
import { createTokenizer } from '../tokenizer/tokenizer';
import { task } from './kinds/smallTalk';
import { allTasks, findProblem, getTask } from './registry';
import { isHeldOut } from './split';
import { SLOTS } from './talk/slots';
import { CHATS, OUTSIDE } from './talk/topics';
import type { Problem } from './task';

const said = (question: string) => task.parse(question)?.answer;
const isRight = (question: string, answer: string) => {
  const problem = task.parse(question);
  return problem !== undefined && task.verify(problem, answer).correct;
};

describe('small talk', () => {
  test.each([
    ['hello', 'Hello'],
    [' Hi! ', 'Hello'],
    ['你好。', '你好'],
    ['Who are you?', 'I am a small model'],
    ['thanks', 'You are welcome'],
    ['再见', '再见'],
    ['what is the capital of France?', 'I do not know that'],
    ['今天天气怎么样？', '我不知道'],
    ['5!', 'I do not know that'],
    ['sin(3)', 'I do not know that'],
    ['12/4=?', 'I do not know that'],
    ['Oh hello my friend !', 'Hello'],
    ['so WHO are you, friend?!', 'I am a small model'],
    ['我问你，你会什么？？', '我会算术和应用题'],
  ])('answers %j with %j', (question, answer) => expect(said(question)).toBe(answer));

  test('takes its answer in either language, and no other', () => {
    expect(isRight('hello', '你好')).toBe(true);
    expect(isRight('今天天气怎么样', 'I do not know that')).toBe(true);
    expect(isRight('hello', 'Goodbye')).toBe(false);
    expect(isRight('hello', 'I do not know that')).toBe(false);
    expect(isRight('sin(3)', '0')).toBe(false);
  });

  test('trains on what people say first', () => {
    for (const first of [
      'hello',
      'hi',
      'hey',
      '你好',
      'who are you',
      '你是谁',
      'thanks',
      '谢谢',
      'bye',
      '再见',
      'help',
    ]) {
      const problem = task.parse(first);
      expect([first, problem && isHeldOut(problem)]).toEqual([first, false]);
    }
  });

  test('holds out whole sayings where a template makes many, and else ways to write them', () => {
    const side = (question: string) => isHeldOut(task.parse(question) as Problem);
    const sides = (saying: string) =>
      [...'?.!'].flatMap((mark) => [side(saying + mark), side(saying.toUpperCase() + mark)]);
    for (const noun of SLOTS.noun ?? []) expect(new Set(sides(`what is ${noun}`)).size).toBe(1);
    const fixed = CHATS.flatMap(({ said }) => said.filter((saying) => !saying.includes('{')));
    const ways = fixed.flatMap(sides);
    expect(ways.filter(Boolean).length / ways.length).toBeGreaterThan(0.05);
    expect(ways.filter(Boolean).length / ways.length).toBeLessThan(0.25);
    // Each is seen in training in some way, or nothing could be known of it.
    for (const saying of fixed)
      expect([saying, [side(saying), ...sides(saying)].includes(false)]).toEqual([saying, true]);
  });

  test('reads back whatever it says, as no question of another task', () => {
    const others = allTasks().filter(({ name }) => name !== 'mixture' && name !== task.name);
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const { question, answer } = task.generate(rng(seed, 'problem'), {});
        expect(said(question)).toBe(answer);
        expect(others.filter((other) => other.parse(question))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('has a token for every character of a saying', () => {
    const texts = [...CHATS, ...OUTSIDE].flatMap((topic) => topic.said).concat(Object.values(SLOTS).flat());
    const beyond = [...texts.join('')].filter((character) => character > '~' && !task.characters.includes(character));
    expect(beyond).toEqual([]);
  });

  test('knows none of the questions outside that models are measured on, and neither does any task', () => {
    expect(OUTSIDE_QUESTIONS).toHaveLength(200);
    expect(new Set(OUTSIDE_QUESTIONS).size).toBe(200);
    expect(OUTSIDE_QUESTIONS.filter((question) => findProblem(question))).toEqual([]);
  });

  test('those questions can be read by a model of every task', () => {
    const tokenizer = createTokenizer(buildTokenizerJson([getTask('mixture')]));
    for (const question of OUTSIDE_QUESTIONS) expect(tokenizer.encodePrompt(question).length).toBeLessThanOrEqual(64);
  });
});
