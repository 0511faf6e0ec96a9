// llama's config.json: read as transformers reads it, refused by name where it is not computed, written so that it reads back.
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diskTensors, parseConfigJson, writeConfigJson } from '../configJson';
import { countParameters } from '../parameterShapes';

const BASE: Record<string, unknown> = JSON.parse(
  readFileSync(new URL('../../testing/fixtures/families/llama_rope3/config.json', import.meta.url), 'utf8'),
);
const read = (changes: Record<string, unknown> = {}) => parseConfigJson({ ...BASE, ...changes });

describe('reading', () => {
  it('describes grouped queries under our own names', () => {
    const { architecture, tokenIds } = read();
    expect(architecture).toMatchObject({ vocabulary: 67, width: 32, isTied: true, maxPositions: 64 });
    expect(architecture.layers).toHaveLength(2);
    expect(architecture.layers[0]).toEqual({
      attention: {
        kind: 'groupedQuery',
        heads: 4,
        kvHeads: 2,
        headWidth: 8,
        rope: {
          width: 8,
          theta: 500000,
          isInterleaved: false,
          scaling: { kind: 'llama3', factor: 8, lowTurns: 1, highTurns: 4, originalPositions: 16 },
        },
        scale: 8 ** -0.5,
        hasBias: false,
        hasOutputBias: false,
        headNorm: null,
        window: null,
      },
      feedForward: { kind: 'dense', hidden: 48 },
      epsilon: 1e-6,
    });
    expect(tokenIds).toEqual({ bos_token_id: 1, eos_token_id: 2, pad_token_id: null });
  });

  it('takes the values of LLaMA 7B for missing keys, as transformers does', () => {
    expect(countParameters(parseConfigJson({ model_type: 'llama' }).architecture).total).toBe(6_738_415_616);
  });

  it('has as many key heads as query heads, and heads that share the width, where nothing else is said', () => {
    const { attention } = read({ num_key_value_heads: null, head_dim: null }).architecture.layers[0] as never;
    expect(attention).toMatchObject({ heads: 4, kvHeads: 4, headWidth: 8 });
  });

  it('puts biases on all four projections', () => {
    const names = diskTensors(read({ attention_bias: true })).map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('model.layers.1.') && name.endsWith('bias'))).toEqual(
      ['q_proj', 'k_proj', 'v_proj', 'o_proj'].map((name) => `model.layers.1.self_attn.${name}.bias`),
    );
  });
});

describe('refusing', () => {
  it.each<[string, unknown]>([
    ['hidden_act', 'gelu'],
    ['mlp_bias', true],
    ['pretraining_tp', 2],
    ['num_key_value_heads', 3],
    ['head_dim', 7],
    ['hidden_size', 34],
    ['partial_rotary_factor', 0.5],
    ['quantization_config', { quant_method: 'fp8', fmt: 'e5m2' }],
  ])('refuses %s = %j, naming the key', (key, value) => {
    const changes = key === 'hidden_size' ? { hidden_size: value, head_dim: null } : { [key]: value };
    const named = key === 'hidden_size' ? 'head_dim' : key;
    expect(() => read(changes)).toThrow(expect.objectContaining({ key: named }));
  });

  it.each([
    ['high_freq_factor', { high_freq_factor: 1 }],
    ['factor', { factor: 0 }],
    ['original_max_position_embeddings', { original_max_position_embeddings: 0 }],
  ])('refuses a llama3 RoPE with a bad %s', (key, changes) => {
    const rope_parameters = { ...(BASE.rope_parameters as object), ...changes };
    expect(() => read({ rope_parameters })).toThrow(expect.objectContaining({ key: `rope_parameters.${key}` }));
  });
});

describe('writing', () => {
  const scalings = fc.option(
    fc.oneof(
      fc.record({ rope_type: fc.constant('linear'), factor: fc.constantFrom(1, 2.5, 8) }),
      fc.record({
        rope_type: fc.constant('llama3'),
        factor: fc.constantFrom(8, 32),
        low_freq_factor: fc.constant(1),
        high_freq_factor: fc.constantFrom(1.5, 4),
        original_max_position_embeddings: fc.integer({ min: 1, max: 8192 }),
      }),
    ),
  );

  it('any config reads back as it was', () => {
    const changes = fc.record({
      num_attention_heads: fc.constantFrom(4, 8, 12),
      num_key_value_heads: fc.constantFrom(1, 2, 4),
      head_dim: fc.constantFrom(2, 8, 96),
      attention_bias: fc.boolean(),
      tie_word_embeddings: fc.boolean(),
      rms_norm_eps: fc.constantFrom(1e-6, 1),
      rope_scaling: scalings,
      rope_theta: fc.constantFrom(10000, 5e5),
    });
    fc.assert(
      fc.property(changes, (changed) => {
        const { rope_parameters: _, ...plain } = BASE;
        const description = parseConfigJson({ ...plain, ...changed });
        expect(parseConfigJson(JSON.parse(writeConfigJson(description)))).toEqual(description);
      }),
    );
  });
});
