import { describe, expect, test } from 'vitest';
import { rng } from '../lib/rng';
import { parseCompletion } from './completion';
import { type CorpusOptions, corpusSettings, document } from './corpus';
import { task as chainedSums } from './kinds/chainedSums';
import { isHeldOut } from './split';
import { languageShare, splitSteps } from './steps';

const NUM_DOCUMENTS = 4000;

function corpus(options: CorpusOptions = {}, seed = 0) {
  const settings = corpusSettings(options);
  return Array.from({ length: NUM_DOCUMENTS }, (_, index) => {
    const { question, completion } = document(chainedSums, {}, settings, rng(seed, 'corpus', index));
    const problem = chainedSums.parse(question);
    if (!problem) throw new Error(`${question} is not of the task`);
    const parts = parseCompletion(completion);
    const correct = chainedSums.verify(problem, parts.answer).correct;
    return { question, completion, problem, parts, thinks: parts.thinking !== '', correct };
  });
}

/** Within four standard deviations of a share of n draws. */
function expectShare(count: number, numDraws: number, share: number) {
  const deviation = Math.sqrt(numDraws * share * (1 - share));
  expect(Math.abs(count - numDraws * share)).toBeLessThanOrEqual(4 * deviation);
}

const documents = corpus();
const thinking = documents.filter((entry) => entry.thinks);
const atOnce = documents.filter((entry) => !entry.thinks);

describe('the corpus', () => {
  test('is well formed throughout and of training problems only', () => {
    expect(documents.every((entry) => entry.parts.wellFormed)).toBe(true);
    expect(documents.some((entry) => isHeldOut(entry.problem))).toBe(false);
  });

  test('thinks in 30 % of its documents, and is then right', () => {
    expectShare(thinking.length, NUM_DOCUMENTS, 0.3);
    expect(thinking.every((entry) => entry.correct)).toBe(true);
  });

  test('blurts out a wrong answer in 60 % of the others', () => {
    expectShare(atOnce.filter((entry) => !entry.correct).length, atOnce.length, 0.6);
  });

  test('thinks in English, Chinese and both', () => {
    const shares = thinking.map((entry) => languageShare(entry.parts.thinking ?? ''));
    const numMixed = shares.filter(({ en, zh }) => en > 0 && zh > 0).length;
    // 10 % are mixed, of which some with few steps happen to stay in one language.
    expect(numMixed).toBeGreaterThan(0.05 * thinking.length);
    expect(numMixed).toBeLessThan(0.13 * thinking.length);
    const numEnglish = shares.filter(({ en }) => en === 1).length;
    const numChinese = shares.filter(({ zh }) => zh === 1).length;
    expect(numEnglish / numChinese).toBeGreaterThan(1.6);
    expect(numEnglish / numChinese).toBeLessThan(2.5);
  });

  test('checks itself in 8 % of the thinking documents, after a slip', () => {
    const checks = thinking.filter((entry) => / wait |等等/.test(entry.completion));
    expectShare(checks.length, thinking.length, 0.08);
    for (const { parts, question } of checks) {
      expect(splitSteps(parts.thinking ?? '', { question }).filter((step) => step.mark === 'wrong')).toHaveLength(1);
    }
  });

  test('is the same for the same seed and another for another', () => {
    const texts = (seed: number) => corpus({}, seed).map((entry) => entry.question + entry.completion);
    expect(texts(0)).toEqual(documents.map((entry) => entry.question + entry.completion));
    expect(texts(1)).not.toEqual(texts(0));
  });
});

test('every share can be set, to its ends', () => {
  const all = corpus({ think_share: 1, self_check_share: 1, languages: { en: 0, zh: 1, mixed: 0 } });
  expect(all.every((entry) => entry.thinks && entry.completion.includes('等等'))).toBe(true);
  expect(all.some((entry) => /[a-z]/.test(entry.parts.thinking ?? ''))).toBe(false);
  expect(corpus({ think_share: 0, wrong_share: 0 }).every((entry) => !entry.thinks && entry.correct)).toBe(true);
  expect(corpus({ think_share: 0, wrong_share: 1 }).some((entry) => entry.correct)).toBe(false);
});

test('settings out of range are refused', () => {
  expect(() => corpusSettings({ think_share: 1.1 })).toThrow();
  expect(() => corpusSettings({ wrong_share: -0.1 })).toThrow();
  expect(() => corpusSettings({ languages: { en: 0, zh: 0, mixed: 0 } })).toThrow('above 0');
});
