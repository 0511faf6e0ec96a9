import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { formatCompletion, parseCompletion } from '../../tasks/completion';
import type { JudgedAnswer } from '../evaluation/evaluate';
import { rejectionReason, rejectionSettingsSchema } from './rejection';
import { REJECTION_REASONS } from './rejectionSet';

const problem = { task: 'chained_sums', question: '1+2+3=?', answer: '6' };

function answer(text: string, changes: Partial<JudgedAnswer & { stop: 'end' | 'length' }> = {}): JudgedAnswer {
  const completion = parseCompletion(text);
  const { stop = 'end', ...rest } = changes;
  return {
    problem,
    rollout: { group: 0, member: 0, tokens: [], logps: [], drawnLogps: [], entropies: [], alternatives: [], stop },
    completion,
    verdict: { correct: completion.answer === '6', expected: '6', found: completion.answer },
    thinkingTokens: 9,
    isThinkingOpened: false,
    ...rest,
  };
}

const settings = (options: v.InferInput<typeof rejectionSettingsSchema> = {}) =>
  v.parse(rejectionSettingsSchema, options);
const reason = (given: JudgedAnswer, options: v.InferInput<typeof rejectionSettingsSchema> = {}, kept: string[] = []) =>
  rejectionReason(given, settings(options), new Set(kept));

const RIGHT = formatCompletion('1+2=3 then 3+3=6', '6');
const MIXED = formatCompletion('1+2=3 then 3+3=6然后6=6', '6');

describe('an answer is kept', () => {
  it('when it is right, whole and well formed, in any language unless one is asked for', () => {
    expect(reason(answer(RIGHT))).toBeUndefined();
    expect(reason(answer(MIXED))).toBeUndefined();
    expect(reason(answer(RIGHT), { language: 'en' })).toBeUndefined();
  });

  it('when it has no words that could be of the wrong language', () => {
    expect(reason(answer(formatCompletion('1+2=3', '6')), { language: 'en' })).toBeUndefined();
  });
});

describe('an answer is left out', () => {
  it.each([
    ['truncated', answer(RIGHT, { stop: 'length' }), {}],
    ['malformed', answer('<answer>6</answer>'), {}],
    ['wrong', answer(formatCompletion('1+2=3', '7')), {}],
    ['language', answer(MIXED), { language: 'en' }],
    ['language', answer(RIGHT), { language: 'zh' }],
    ['too_short', answer(RIGHT), { min_thinking_tokens: 10 }],
    ['too_long', answer(RIGHT), { max_thinking_tokens: 8 }],
  ] as const)('as %s', (expected, given, options) => {
    expect(reason(given, options)).toBe(expected);
  });

  it('as a duplicate of one that was kept, and as surplus beyond the most of a problem', () => {
    expect(reason(answer(RIGHT), {}, [RIGHT])).toBe('duplicate');
    expect(reason(answer(RIGHT), { max_per_problem: 1 }, [MIXED])).toBe('surplus');
    expect(reason(answer(RIGHT), { max_per_problem: 2 }, [MIXED])).toBeUndefined();
  });

  it('under the first reason that holds', () => {
    const everything = answer(formatCompletion('然后', '7'), { stop: 'length' });
    expect(reason(everything, { language: 'en', max_thinking_tokens: 0 })).toBe(REJECTION_REASONS[0]);
  });
});

it('a share of the language below 1 lets some mixing pass', () => {
  expect(reason(answer(MIXED), { language: 'en', min_language_share: 0.5 })).toBeUndefined();
  expect(reason(answer(MIXED), { language: 'en', min_language_share: 0.6 })).toBe('language');
});
