import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamedToken } from '../protocol/protocol';
import { parseCompletion } from '../tasks/completion';
import { withParts } from '../testing/madeUpText';
import { faultsOf, isOfThinking, isThinkingOpened } from './answerForm';

const tokensOf = (text: string): StreamedToken[] =>
  withParts(text).map((piece) => ({ ...piece, id: 0, probability: 1, entropy: 0, alternatives: [] }));
const faults = (text: string, stopReason: 'end' | 'length' | 'stopped' = 'end') =>
  faultsOf(tokensOf(text), { stopReason });

describe('the form of an answer', () => {
  it('has no fault exactly where the format reward finds none', () => {
    const piece = fc.constantFrom('<think>', '</think>', '<answer>', '</answer>', '1+1=2', ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), (pieces) => {
        const text = pieces.join('');
        expect([text, faults(text).length === 0]).toEqual([text, parseCompletion(text).wellFormed]);
      }),
      { numRuns: 5000 },
    );
    expect(faults('<think>1+1=2</think><answer>2</answer>')).toEqual([]);
  });

  it.each([
    ['1+1=2</think><answer>2</answer>', ['thinkingNotOpened']],
    ['<answer>2</answer>', ['thinkingNotOpened']],
    ['<think>1+1=2<answer>2</answer>', ['thinkingNotClosed']],
    ['<think>1+1=2</think>2', ['answerNotOpened', 'textOutside']],
    ['<think>1+1=2</think><answer>2', ['answerNotClosed']],
    ['<think>1</think><think>2</think><answer>2</answer>', ['thinkingTwice']],
    ['<think>1</think><answer>2</answer><answer>3</answer>', ['answerTwice']],
    ['<answer>2</answer><think>1</think>', ['outOfOrder']],
  ])('of %s: %j', (text, expected) => {
    expect(faults(text)).toEqual(expected);
  });

  it('cut off at the limit, blames the limit for what is missing at the end, not for what is missing before', () => {
    expect(faults('<think>1+1=', 'length')).toEqual(['cutOff']);
    expect(faults('<think>1+1=2</think><answer>2', 'length')).toEqual(['cutOff']);
    expect(faults('1+1=2 then 2+2', 'length')).toEqual(['thinkingNotOpened', 'cutOff']);
  });

  it('is faulted where its text is shown: text outside the tags with the thinking, which was opened all the same', () => {
    const tokens = tokensOf('<think></think>1+1<answer>2</answer>');
    const found = faultsOf(tokens, { stopReason: 'end' });
    expect(found).toEqual(['textOutside']);
    expect(found.every(isOfThinking)).toBe(true);
    expect(isThinkingOpened(tokens)).toBe(true);
    expect(isThinkingOpened(tokensOf('1+1<answer>2</answer>'))).toBe(false);
  });

  it('is not judged where it was stopped by hand', () => {
    expect(faults('1+1', 'stopped')).toEqual([]);
  });

  it('counts tags by their tokens: a tag that is spelled out is text, and a prompt may have opened the thinking', () => {
    const spelled = tokensOf('<think></think><answer>2</answer>').map((token) =>
      token.text === '<think>' ? { ...token, part: 'outside' as const } : token,
    );
    expect(faultsOf(spelled, { stopReason: 'end' })).toContain('thinkingNotOpened');
    const opened = tokensOf('<think>1+1=2</think><answer>2</answer>').slice(1);
    expect(faultsOf(opened, { stopReason: 'end' })).toEqual([]);
  });
});
