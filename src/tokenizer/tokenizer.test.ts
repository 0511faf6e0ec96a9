import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rng } from '../lib/rng';
import { formatCompletion, parseCompletion, TAGS } from '../tasks/completion';
import { corpusSettings, document } from '../tasks/corpus';
import { task as chainedSums } from '../tasks/kinds/chainedSums';
import { buildTokenizerJson } from './build';
import { createTokenizer, TokenizerFormatError, UnreadableTextError } from './tokenizer';

const tokenizer = createTokenizer(buildTokenizerJson([chainedSums]));
const { encode, decode, tokenText, idOf } = tokenizer;

describe('the vocabulary', () => {
  test('has about a hundred tokens, a multiple of eight, each with a text of its own', () => {
    expect(tokenizer.vocabSize).toBe(112);
    const texts = Array.from({ length: 112 }, (_, id) => tokenText(id));
    expect(new Set(texts).size).toBe(112);
    for (const [id, text] of texts.entries()) expect(idOf(text)).toBe(id);
  });

  test('has tags and words as single tokens, and digits one by one', () => {
    const text = `${formatCompletion('12-8=4 then 4+1=5然后5+0=6等等5+0=5 wait 5', '5')}`;
    expect(encode(text).map(tokenText)).toEqual(
      // The tokens, parted by bars.
      '<think>|1|2|-|8|=|4| then |4|+|1|=|5|然后|5|+|0|=|6|等等|5|+|0|=|5| wait |5|</think>|<answer>|5|</answer>'.split(
        '|',
      ),
    );
  });

  test('knows which tokens begin, end and pad', () => {
    expect([tokenizer.padId, tokenizer.bosId, tokenizer.eosId].map(tokenText)).toEqual([
      '<|pad|>',
      '<|begin|>',
      '<|end|>',
    ]);
  });

  test('gives every id that transformers gives', () => {
    // Printed by transformers 5.17's AutoTokenizer.
    expect(tokenizer.encodePrompt('9-8+3-7=?')).toEqual([1, 34, 22, 33, 20, 28, 22, 32, 38, 40]);
    expect(encode('<think>9-8=1然后 wait </think><answer>-3</answer>')).toEqual([
      4, 34, 22, 33, 38, 26, 105, 106, 5, 6, 22, 28, 7,
    ]);
  });

  test('takes characters and words from any task', () => {
    const task = { ...chainedSums, characters: '√', words: [' so ', '所以'] };
    const { vocabSize, ...other } = createTokenizer(buildTokenizerJson([chainedSums, task]));
    expect(vocabSize).toBe(112);
    expect(other.encode('√4=2 so 所以').map(other.tokenText)).toEqual(['√', '4', '=', '2', ' so ', '所以']);
  });
});

describe('encoding and decoding', () => {
  test('give every document back', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const settings = corpusSettings({ think_share: 0.9, self_check_share: 0.5 });
        const { question, completion } = document(chainedSums, {}, settings, rng(seed, 'corpus'));
        const ids = encode(question + completion);
        expect(decode([tokenizer.bosId, ...ids, tokenizer.eosId])).toBe(question + completion);
        expect(ids.map(tokenText).join('')).toBe(question + completion);
      }),
    );
  });

  test('give every printable text back, spaces and tags included', () => {
    const text = fc.array(
      fc.oneof(fc.string({ unit: 'grapheme-ascii' }), fc.constantFrom<string>(...TAGS, ' then ', '\n', '  ')),
    );
    fc.assert(
      fc.property(text, (parts) => {
        const joined = parts.join('');
        // A special token written out is that token, and decoding leaves it out.
        fc.pre(!/<\|\w+\|>/.test(joined));
        expect(decode(encode(joined))).toBe(joined);
      }),
    );
  });

  test('of nothing give nothing', () => {
    expect(encode('')).toEqual([]);
    expect(decode([])).toBe('');
    expect(tokenizer.encodePrompt('')).toEqual([tokenizer.bosId]);
  });

  test('leave special tokens out of a decoded completion, so that its format can be seen', () => {
    const ids = [...encode(formatCompletion('', '5')), tokenizer.eosId, tokenizer.padId, tokenizer.padId];
    expect(parseCompletion(decode(ids)).wellFormed).toBe(true);
    expect(decode(new Uint32Array(ids))).toBe('<think></think><answer>5</answer>');
  });

  test('survive an id without text, as a model with more rows than tokens may draw', () => {
    expect(decode([26, 5000, 26])).toBe('11');
    expect(tokenText(5000)).toBe('<|5000|>');
    expect(idOf('nothing of the kind')).toBeUndefined();
  });
});

describe('what cannot be read', () => {
  const failure = (text: string) => {
    try {
      encode(text);
    } catch (error) {
      if (error instanceof UnreadableTextError) return error;
      throw error;
    }
    throw new Error('it was read');
  };

  test('is named, each character once, with what can be', () => {
    const error = failure('3×4×é=😀?');
    expect(error.characters).toEqual(['×', 'é', '😀']);
    expect(error.userMessage).toBe('The model cannot read “×”, “é”, “😀”.');
    expect(error.remedy).toMatch(/^It reads 0–9, A–Z, a–z, space, newline, !"#/);
  });

  test('is cut short where there is much of it', () => {
    expect(failure('αβγδεζη').userMessage).toBe('The model cannot read “α”, “β”, “γ”, “δ”, “ε” and 2 more.');
  });

  test('includes a character that only occurs within a known word', () => {
    expect(failure('然后然').characters).toEqual(['然']);
  });
});

describe('other tokenizers', () => {
  test('keep in a token’s text the space that its decoder strips from the beginning of a text', () => {
    const spaced = createTokenizer(
      {
        added_tokens: [special(3, '<s>'), special(4, '</s>')],
        normalizer: {
          type: 'Sequence',
          normalizers: [
            { type: 'Prepend', prepend: '▁' },
            { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
          ],
        },
        pre_tokenizer: null,
        post_processor: null,
        decoder: {
          type: 'Sequence',
          decoders: [
            { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
            { type: 'Fuse' },
            { type: 'Strip', content: ' ', start: 1, stop: 0 },
          ],
        },
        model: { type: 'BPE', vocab: { '▁': 0, h: 1, '▁h': 2, '<s>': 3, '</s>': 4 }, merges: ['▁ h'] },
      },
      { bos_token: '<s>', eos_token: '</s>' },
    );
    const ids = spaced.encode('h hh');
    expect(spaced.decode(ids)).toBe('h hh');
    expect(ids.map(spaced.tokenText)).toEqual([' h', ' h', 'h']);
    expect(spaced.tokenText(3)).toBe('<s>');
  });

  const shell = { added_tokens: [], normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
  const special = (id: number, content: string) => ({
    id,
    content,
    special: true,
    normalized: false,
    lstrip: false,
    rstrip: false,
    single_word: false,
  });
  const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
  // `é` in UTF-8 is the bytes C3 A9, written Ã ©.
  const vocab = { h: 0, i: 1, hi: 2, Ã: 3, '©': 4, '<s>': 5, '</s>': 6 };
  const bytes = {
    ...shell,
    added_tokens: [special(5, '<s>'), special(6, '</s>')],
    pre_tokenizer: byteLevel,
    decoder: byteLevel,
    model: { type: 'BPE', vocab, merges: ['h i'] },
  };

  test('are read with the roles of tokenizer_config.json or of config.json', () => {
    const byName = createTokenizer(bytes, { bos_token: { content: '<s>' }, eos_token: '</s>', pad_token: null });
    expect([byName.bosId, byName.eosId, byName.padId]).toEqual([5, 6, 6]);
    const byId = createTokenizer(bytes, { bos_token_id: 5, eos_token_id: 6, pad_token_id: 5 });
    expect([byId.bosId, byId.eosId, byId.padId]).toEqual([5, 6, 5]);
  });

  test('may end an answer with several tokens, by name before by id, each once', () => {
    const both = createTokenizer(bytes, { bos_token: '<s>', eos_token: '</s>', eos_token_id: [0, 6, 1] });
    expect([both.eosId, both.endTokens]).toEqual([6, [6, 0, 1]]);
    expect(both.decode([2, 6, 0, 2, 1])).toBe('hihi');
    const list = createTokenizer(bytes, { bos_token: '<s>', eos_token_id: [6, 0] });
    expect([list.eosId, list.endTokens]).toEqual([6, [6, 0]]);
  });

  test('ask in their chat template, whose prompt may open the thought', () => {
    const tags = { ...bytes, added_tokens: [...bytes.added_tokens, special(7, '<think>'), special(8, '</think>')] };
    const template =
      "{{ bos_token }}{% for m in messages %}{{ 'i' + m.content }}{% endfor %}{{ '<think>' if add_generation_prompt }}";
    const roles = { bos_token: '<s>', eos_token: '</s>' };
    const opening = createTokenizer(tags, roles, template);
    expect(opening.encodePrompt('hi')).toEqual([5, 1, 2, 7]);
    expect(opening.opensThinking(opening.encodePrompt('hi'))).toBe(true);
    const plain = createTokenizer(tags, roles);
    expect(
      ['hi', '<think>hi', '<think>h</think>i'].map((text) => plain.opensThinking(plain.encodePrompt(text))),
    ).toEqual([false, true, false]);
    // Its tags are special, but what is thought must be seen.
    expect(plain.decode([2, 8, 2, 6])).toBe('hi</think>hi');
    expect(() => createTokenizer(tags, roles, '{% if %}')).toThrow('line 1');
  });

  test('on bytes read whatever their bytes spell, and name what they do not', () => {
    const { encode, decode } = createTokenizer(bytes, { bos_token: '<s>', eos_token: '</s>' });
    expect(encode('hiéh')).toEqual([2, 3, 4, 0]);
    expect(decode([2, 3, 4, 0, 6])).toBe('hiéh');
    expect(() => encode('hix')).toThrow('cannot read “x”');
  });

  test('without an unknown token still do not lose a character silently', () => {
    const { encode } = createTokenizer(
      { ...shell, decoder: { type: 'Fuse' }, model: { type: 'BPE', vocab: { a: 0, b: 7 }, merges: [] } },
      { bos_token_id: 0, eos_token_id: 7 },
    );
    expect(encode('ab')).toEqual([0, 7]);
    expect(() => encode('acb')).toThrow('cannot read “c”. It reads ab.');
  });

  test('may be as large as DeepSeek-V3’s', () => {
    const words = Array.from({ length: 129_280 - 7 }, (_, i) => [`w${i}`, 7 + i] as const);
    const large = { ...bytes, model: { ...bytes.model, vocab: { ...vocab, ...Object.fromEntries(words) } } };
    expect(createTokenizer(large, { bos_token: '<s>', eos_token: '</s>' }).vocabSize).toBe(129_280);
  }, 30_000);

  test.each([
    ['nothing', undefined, 'is not a JSON object'],
    ['a text', 'tokenizer', 'is not a JSON object'],
    ['an empty object', {}, 'must contain a "model" property'],
    ['of an unknown kind', { ...bytes, model: { ...bytes.model, type: 'Morse' } }, 'model.type is "Morse"'],
    ['no begin token', { ...bytes, added_tokens: [] }, 'has no begin token'],
  ])('are refused with a reason when they are %s', (_name, json, reason) => {
    expect(() => createTokenizer(json)).toThrow(TokenizerFormatError);
    expect(() => createTokenizer(json)).toThrow(reason);
  });
});
