import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { modelCard } from '../../formats/huggingface/modelCard';
import { CARD_MODEL } from '../../testing/cardModel';
import { knownInWords, knownOfCard } from './knowledge';

const SUMS = { task: 'chained_sums', difficulty: { min_terms: 4, max_terms: 8, max_number: 9 } };

describe('what a model knows by its card', () => {
  it.each(['base', 'r1-zero', 'r1', 'distilled'])('is sums of 4 to 8 digits, of the shipped %s', (id) => {
    expect(knownOfCard(readFileSync(`public/models/${id}/README.md`, 'utf8'))).toEqual([SUMS]);
  });

  it.each(['wide-base', 'wide-zero', 'wide-r1'])('is every task but sequences, of the shipped %s', (id) => {
    const [known, ...others] = knownOfCard(readFileSync(`public/models/${id}/README.md`, 'utf8'));
    expect(others).toEqual([]);
    expect(known?.task).toBe('mixture');
    expect(known?.difficulty).toMatchObject({
      sequences: 0,
      'chained_sums.min_terms': 2,
      'chained_sums.max_number': 999,
    });
    for (const name of [
      'chained_sums',
      'products',
      'countdown',
      'equations',
      'programs',
      'word_problems',
      'small_talk',
    ])
      expect(known?.difficulty[name]).toBeGreaterThan(0);
  });

  it('is at the difficulty it was made at, wherever the card says it, and within the dials’ bounds', () => {
    const facts = {
      name: 'm',
      summary: 's',
      model: CARD_MODEL,
      task: 'chained_sums',
      example: '1+1=?',
      difficulty: {},
      command: 'npm run cli -- grpo base',
      generation: { temperature: 1, topP: 1, topK: 0, maxNewTokens: 96 },
      evaluation: { problems: 64, accuracy: 0.5 },
      settings: undefined,
      device: 'd',
      seconds: 1,
    };
    const difficultyOf = (changed: object) => knownOfCard(modelCard({ ...facts, ...changed }))[0]?.difficulty;
    const short = { min_terms: 2, max_terms: 3 };
    expect(difficultyOf({ difficulty: short })).toEqual({ ...short, max_number: 9 });
    expect(difficultyOf({ command: 'grpo --difficulty min_terms=2 --difficulty max_terms=3' })).toMatchObject(short);
    expect(difficultyOf({ evaluation: undefined, settings: { difficulty: short } })).toMatchObject(short);
    expect(difficultyOf({ difficulty: { max_terms: 5, max_number: 1000 } })).toEqual({
      min_terms: 4,
      max_terms: 5,
      max_number: 9,
    });
  });

  it('is unknown where there is no card, or one that names no task', () => {
    expect(knownOfCard('')).toEqual([]);
    expect(knownOfCard('---\ntags:\n- llama\n---\n# m')).toEqual([]);
  });
});

describe('what a model knows, in words', () => {
  const wording = { language: 'en', span: (min: number, max: number) => `${min} to ${max}` } as const;
  const wide = () => knownOfCard(readFileSync('public/models/wide-r1/README.md', 'utf8'))[0] ?? SUMS;

  it('has the sizes of a task', () => {
    expect(knownInWords(SUMS, wording)).toBe('sums and differences of 4 to 8 numbers from 0 to 9');
  });

  it('has of a mixture each task with its size, or their names alone', () => {
    const told = knownInWords(wide(), wording);
    expect(told).toMatch(/^chained sums \(2 to 9 numbers up to 999\), products \(\d/);
    expect(told).toMatch(/, small talk$/);
    expect(told).not.toMatch(/\{|\(\)|sequences/);
    expect(knownInWords(wide(), { ...wording, isBrief: true })).toBe(
      'chained sums, products, countdown, equations, programs, word problems, small talk',
    );
    expect(knownInWords(wide(), { ...wording, language: 'zh' })).toMatch(/^连续加减（2 to 9 个数，不超过 999）、/);
  });
});
