import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { allTasks } from '../../tasks/registry';
import { buildTokenizerJson } from '../../tokenizer/build';
import { createTokenizer } from '../../tokenizer/tokenizer';
import { SftSetError, sftMix, sftSourceSchema } from './sftMix';

const tokenizer = createTokenizer(buildTokenizerJson(allTasks()));
const PAIRS = ['1', '2', '3'].map((digit) => ({
  question: `${digit}+0=?`,
  completion: `<think></think><answer>${digit}</answer>`,
}));
const context = {
  tokenizer,
  seed: 5,
  maxTokens: 64,
  task: 'chained_sums',
  difficulty: { min_terms: 4, max_terms: 4 },
  pairsOf: (set: string) => (set === 'verified' ? PAIRS : []),
};
const sources = (...given: v.InferInput<typeof sftSourceSchema>[]) => v.parse(v.array(sftSourceSchema), given);
const SET = { kind: 'set', set: 'verified' } as const;
const EASY = { kind: 'corpus', corpus: { think_share: 0 }, difficulty: { min_terms: 2, max_terms: 2 } } as const;

function textsOf(mix: ReturnType<typeof sftMix>, count: number): string[] {
  return Array.from({ length: count }, (_, i) => tokenizer.decode([...mix(i).prompt, ...mix(i).completion]));
}

describe('a mix of texts', () => {
  it('has each source in its share', () => {
    const texts = textsOf(sftMix(sources({ ...SET, share: 3 }, EASY), context), 2000);
    const fromSet = texts.filter((text) => PAIRS.some(({ question }) => text.startsWith(question))).length;
    // Of 2,000 draws at 0.75 the standard deviation is 19.
    expect(fromSet).toBeGreaterThan(1400);
    expect(fromSet).toBeLessThan(1600);
  });

  it('is the same for the same seed in whatever order it is asked, and another for another seed', () => {
    const [one, again] = [sftMix(sources(SET, EASY), context), sftMix(sources(SET, EASY), context)];
    expect([9, 3, 0, 7].map((i) => again(i))).toEqual([9, 3, 0, 7].map((i) => one(i)));
    expect(textsOf(sftMix(sources(SET, EASY), { ...context, seed: 6 }), 20)).not.toEqual(textsOf(one, 20));
  });

  it('takes a corpus at its own difficulty, else at the stage’s', () => {
    const terms = (text: string) => text.slice(0, text.indexOf('=')).match(/\d/g)?.length;
    expect(new Set(textsOf(sftMix(sources(EASY), context), 50).map(terms))).toEqual(new Set([2]));
    const worked = { kind: 'corpus', corpus: { think_share: 1 } } as const;
    expect(new Set(textsOf(sftMix(sources(worked), context), 50).map(terms))).toEqual(new Set([4]));
  });

  it('learns completions, not questions', () => {
    const { prompt } = sftMix(sources(SET), context)(0);
    expect(tokenizer.decode(prompt)).toMatch(/=\?$/);
  });

  it('refuses an empty set and a text too long, saying what to do', () => {
    expect(() => sftMix(sources({ kind: 'set', set: 'none' }), context)).toThrow(SftSetError);
    expect(() => sftMix(sources({ kind: 'set', set: 'none' }), context)).toThrow(/none is empty.*filter less/);
    expect(() => sftMix(sources(SET), { ...context, maxTokens: 4 })).toThrow(/at most 4 fit.*tokens_per_step/);
  });
});
