import { describe, expect, it } from 'vitest';
import type { LanguageModel } from '../engine/languageModel';
import { task as chainedSums } from '../tasks/kinds/chainedSums';
import { buildTokenizerJson } from '../tokenizer/build';
import { createTokenizer } from '../tokenizer/tokenizer';
import { countThinkingTokens } from '../trainer/evaluation/evaluate';
import { sftText } from '../trainer/texts/sft';
import { createPartReader } from './present';

// As R1-Distill's: the prompt ends in an open thought.
const TEMPLATE =
  "{{ bos_token }}{% for m in messages %}{{ m.content }}{% endfor %}{{ '<think>\\n' if add_generation_prompt }}";
const json = buildTokenizerJson([chainedSums]);
const tokenizer = createTokenizer(json, {}, TEMPLATE);
const model = { tokenizer } as LanguageModel;

describe('a thought that the prompt opened', () => {
  const prompt = tokenizer.encodePrompt('1+2=?');
  const isOpened = tokenizer.opensThinking(prompt);
  const tokens = [...tokenizer.encode('1+2=3</think><answer>3</answer>'), tokenizer.eosId];

  it('is shown as thinking from the first token on, and counted', () => {
    const parts = tokens.map(createPartReader(tokenizer, isOpened));
    expect(parts).toEqual([...Array(5).fill('thinking'), 'tag', 'tag', 'answer', 'tag', 'tag']);
    expect(countThinkingTokens(model, tokens, isOpened)).toBe(5);
    expect(countThinkingTokens(model, tokens, false)).toBe(0);
    expect(countThinkingTokens(model, tokens.slice(0, 3), isOpened)).toBe(0);
  });

  it('is not opened again by what is learned', () => {
    const text = sftText(tokenizer, { question: '1+2=?', completion: '<think>1+2=3</think><answer>3</answer>' });
    expect(text).toEqual({ prompt, completion: tokens });
    const plain = sftText(createTokenizer(json), {
      question: '1+2=?',
      completion: '<think></think><answer>3</answer>',
    });
    expect(plain.completion).toContain(tokenizer.idOf('<think>'));
  });
});
