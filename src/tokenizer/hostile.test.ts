// Tokenizers of strangers: what is not by the schema is refused with its place, what does not end is ended with its place.
import { describe, expect, it } from 'vitest';
import { ENDLESS_TOKENIZERS, HOSTILE_TOKENIZERS, SOUND_TOKENIZER } from '../testing/fixtures/hostileTokenizers';
import { createTokenizer, TextTooLongError, TokenizerFormatError, TokenizerLimitError } from './tokenizer';

const ROLES = { bos_token: '<s>', eos_token: '</s>' };

describe('a hostile tokenizer.json', () => {
  it('is one that differs from a sound one, which is read', () => {
    const { encode, decode, endTokens } = createTokenizer(SOUND_TOKENIZER, ROLES);
    expect(encode('12x <think>1</think>')).toEqual([3, 2, 4, 8, 0, 9]);
    expect(decode(encode('12x `12'))).toBe("12x '12");
    expect(endTokens).toEqual([7]);
  });

  it.each(HOSTILE_TOKENIZERS)('is refused with its place: %s', (_description, json, place) => {
    expect(() => createTokenizer(json, ROLES)).toThrow(TokenizerFormatError);
    expect(() => createTokenizer(json, ROLES)).toThrow(place);
  });

  it.each(ENDLESS_TOKENIZERS)('is ended with its place: %s', (_description, json, place, text) => {
    const { encode, decode } = createTokenizer(json, ROLES);
    const work = () => (place.startsWith('decoder') ? decode(encode(text)) : encode(text));
    expect(work).toThrow(TokenizerLimitError);
    expect(work).toThrow(place);
    // A text that is harmless is still read.
    if (!text.startsWith('1'.repeat(5)) || !place.includes('Regex')) return;
    expect(encode('x').length).toBeGreaterThanOrEqual(0);
  });

  it('that normalizes its added tokens without end is ended as it is read', () => {
    const json = {
      ...SOUND_TOKENIZER,
      normalizer: { type: 'Replace', pattern: { Regex: '(\\d+)+$' }, content: '' },
      added_tokens: [
        ...SOUND_TOKENIZER.added_tokens,
        { id: 50, content: `${'1'.repeat(40)}x`, special: false, normalized: true },
      ],
    };
    expect(() => createTokenizer(json, ROLES)).toThrow(TokenizerLimitError);
  });

  it('with holes among its ids and no unknown token reads and writes what it has', () => {
    const { model } = SOUND_TOKENIZER;
    const json = { ...SOUND_TOKENIZER, model: { ...model, vocab: { '1': 0, x: 30 }, merges: [] } };
    const { decode, tokenText } = createTokenizer(json, ROLES);
    expect(decode([0, 29, 30, 12])).toBe('1x');
    expect(tokenText(29)).toBe('<|29|>');
  });

  it('whose words have no token though their letters do is told of so', () => {
    const json = {
      ...SOUND_TOKENIZER,
      pre_tokenizer: null,
      model: { type: 'WordLevel', vocab: { '1': 0, '2': 1 } },
    };
    expect(() => createTokenizer(json, ROLES).encode('12')).toThrow('cannot read “12”. It reads its letters apart.');
  });

  it('gets no text that is longer than it may be', () => {
    const { encode } = createTokenizer(SOUND_TOKENIZER, ROLES);
    expect(() => encode('1'.repeat(20_001))).toThrow(TextTooLongError);
    expect(encode('12'.repeat(10_000)).length).toBeGreaterThan(10_000);
  });
});
