import { describe, expect, test } from 'vitest';
import { task as chainedSums } from '../tasks/kinds/chainedSums';
import { buildTokenizerJson } from './build';
import { CHAT_TEMPLATE, tokenizerFiles } from './files';
import { createTokenizer } from './tokenizer';

const tokenizer = createTokenizer(buildTokenizerJson([chainedSums]));
const files = tokenizerFiles(tokenizer);
const read = (name: string) => JSON.parse(files[name] ?? '');

describe('the files of a folder', () => {
  test('make the same tokenizer again', () => {
    const again = createTokenizer(read('tokenizer.json'), read('tokenizer_config.json'));
    const text = '9-8=?<think>9-8=1 then 1然后</think>';
    expect(again.encodePrompt(text)).toEqual(tokenizer.encodePrompt(text));
    expect([again.bosId, again.eosId, again.padId, again.vocabSize]).toEqual([1, 2, 0, 112]);
  });

  test('tell transformers what it needs for GRPO: end and padding, padded on the left', () => {
    expect(read('tokenizer_config.json')).toMatchObject({
      tokenizer_class: 'PreTrainedTokenizerFast',
      bos_token: '<|begin|>',
      eos_token: '<|end|>',
      pad_token: '<|pad|>',
      padding_side: 'left',
      clean_up_tokenization_spaces: false,
      chat_template: CHAT_TEMPLATE,
    });
  });

  test('keep the tags visible to rewards that decode without special tokens', () => {
    const added: { content: string; special: boolean; normalized: boolean }[] = read('tokenizer.json').added_tokens;
    const special = (content: string) => added.find((token) => token.content === content)?.special;
    expect(['<think>', '</think>', '<answer>', '</answer>', ' then ', '等等'].map(special)).toEqual(
      new Array(6).fill(false),
    );
    expect(['<|pad|>', '<|begin|>', '<|end|>', '<|unknown|>'].map(special)).toEqual(new Array(4).fill(true));
    expect(added.every((token) => !token.normalized)).toBe(true);
  });

  test('put the begin token before a plain prompt', () => {
    expect(read('tokenizer.json').post_processor.single[0]).toEqual({ SpecialToken: { id: '<|begin|>', type_id: 0 } });
  });
});
