// How a model answers unless told otherwise: what is written reads back, whatever a folder brought, and errors name the key.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DEFAULT_GENERATION,
  type GenerationSettings,
  parseGenerationConfig,
  writeGenerationConfig,
} from './generationConfig';

const CONFIG = { bos_token_id: null, eos_token_id: null, pad_token_id: null };
const utf8 = (text: string) => new TextEncoder().encode(text);
const write = (settings: GenerationSettings, carried?: string) => {
  const written = writeGenerationConfig(CONFIG, settings, carried === undefined ? undefined : utf8(carried));
  return typeof written === 'string' ? written : new TextDecoder().decode(written);
};
const settings: fc.Arbitrary<GenerationSettings> = fc.record({
  temperature: fc.oneof(fc.constantFrom(0, 1, 2), fc.double({ min: 0.05, max: 4, noNaN: true })),
  topP: fc.oneof(fc.constant(1), fc.double({ min: 0.01, max: 1, noNaN: true })),
  topK: fc.nat(100),
  maxNewTokens: fc.integer({ min: 1, max: 4096 }),
});

describe('generation_config.json', () => {
  it('reads back as it was written, for every setting', () => {
    fc.assert(
      fc.property(settings, (s) => {
        expect(parseGenerationConfig('m', JSON.parse(write(s)))).toEqual(s);
      }),
    );
  });

  it('of a folder that brought none says what training does unless told', () => {
    expect(parseGenerationConfig('m', undefined)).toEqual(DEFAULT_GENERATION);
    expect(JSON.parse(write(DEFAULT_GENERATION))).toMatchObject({
      do_sample: true,
      top_k: 0,
      max_new_tokens: DEFAULT_GENERATION.maxNewTokens,
    });
  });

  it('that a folder brought stays as it was where nothing changed, and else keeps what the settings are not about', () => {
    const carried = '{"eos_token_id": [2, 4], "repetition_penalty": 1.1, "max_new_tokens": 64}';
    expect(write({ ...DEFAULT_GENERATION, maxNewTokens: 64 }, carried)).toBe(carried);
    expect(JSON.parse(write({ ...DEFAULT_GENERATION, maxNewTokens: 96 }, carried))).toMatchObject({
      eos_token_id: [2, 4],
      repetition_penalty: 1.1,
      max_new_tokens: 96,
    });
  });

  it('names the tokens that end an answer where only the tokenizer does', () => {
    const end = (eos: string, ends: number[]) =>
      JSON.parse(
        String(writeGenerationConfig(CONFIG, DEFAULT_GENERATION, utf8(`{"eos_token_id": ${eos}, "top_p": 0.5}`), ends)),
      );
    expect(end('null', [3]).eos_token_id).toBe(3);
    expect(end('null', [3, 4]).eos_token_id).toEqual([3, 4]);
    expect(end('2', [2, 3]).eos_token_id).toBe(2);
  });

  it('writes a temperature with a point, as transformers needs it', () => {
    expect(write({ ...DEFAULT_GENERATION, temperature: 2 })).toContain('"temperature": 2.0,');
  });

  it('is refused by the key that is wrong', () => {
    const broken = { max_new_tokens: 0, temperature: 'hot', top_p: 1.5, top_k: -1, do_sample: 'True' };
    for (const [key, value] of Object.entries(broken)) {
      expect(() => parseGenerationConfig('my-model', { [key]: value })).toThrow(
        new RegExp(`my-model: generation_config.json has ${key} = `),
      );
    }
    expect(() => parseGenerationConfig('my-model', 'long')).toThrow(/the whole/);
  });
});
