// config.json: what transformers reads is read alike, what the engine does not compute is refused by name, and what is
// written reads back.
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelConfigError, parseConfigJson, writeConfigJson } from '../configJson';
import { countParameters } from '../parameterShapes';
import { type PresetName, presetModel } from '../presets';
import type { RopeSettings } from '../ropeJson';

const fixture = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../../testing/fixtures/${name}/config.json`, import.meta.url), 'utf8'));

const BASE = fixture('deepseek_v3');
/** The fixture's config with some keys changed; undefined removes a key. */
const changed = (changes: Record<string, unknown>) => {
  const json = { ...BASE, ...changes };
  return Object.fromEntries(Object.entries(json).filter(([, value]) => value !== undefined));
};
const ropeOf = (changes: Record<string, unknown>) => {
  const { rope_theta, rope_scaling } = parseConfigJson(changed(changes)).settings as unknown as RopeSettings;
  return { rope_theta, rope_scaling };
};

describe('reading', () => {
  it('reads the config of a checkpoint saved by transformers 5', () => {
    expect(parseConfigJson(BASE)).toEqual(
      presetModel('nano', 67, {
        hidden_size: 32,
        intermediate_size: 48,
        moe_intermediate_size: 24,
        num_hidden_layers: 2,
        kv_lora_rank: 16,
        qk_rope_head_dim: 4,
        qk_nope_head_dim: 8,
        v_head_dim: 8,
        n_group: 2,
        first_k_dense_replace: 1,
        routed_scaling_factor: 2.5,
        initializer_range: 0.15,
        max_position_embeddings: 64,
        bos_token_id: 0,
        eos_token_id: 1,
      }),
    );
  });

  it('reads YaRN from rope_parameters', () => {
    const config = parseConfigJson(fixture('deepseek_v3_qlora_yarn'));
    expect(config.settings.q_lora_rank).toBe(12);
    expect(config.settings.rope_scaling).toEqual({
      rope_type: 'yarn',
      factor: 40,
      original_max_position_embeddings: 16,
      beta_fast: 32,
      beta_slow: 1,
      mscale: 1,
      mscale_all_dim: 1,
      attention_factor: null,
      truncate: true,
    });
  });

  it('takes the values of DeepSeek-V3 for missing keys, as transformers does', () => {
    const config = parseConfigJson({ model_type: 'deepseek_v3' });
    expect(config.settings).toMatchObject({
      hidden_size: 7168,
      num_hidden_layers: 61,
      n_routed_experts: 256,
      n_group: 8,
      q_lora_rank: 1536,
    });
    expect(countParameters(config.architecture).total).toBeCloseTo(671.026e9, -7);
  });

  it('reads the old spelling of YaRN and lets rope_scaling replace rope_parameters whole', () => {
    const yarn = { type: 'yarn', factor: 4, original_max_position_embeddings: 16 };
    expect(ropeOf({ rope_parameters: undefined, rope_theta: 500, rope_scaling: yarn })).toMatchObject({
      rope_theta: 500,
      rope_scaling: { factor: 4, beta_fast: 32, mscale: null, truncate: true },
    });
    expect(ropeOf({ rope_parameters: { rope_type: 'default', rope_theta: 5 }, rope_scaling: yarn }).rope_theta).toBe(
      10000,
    );
    expect(ropeOf({ rope_scaling: { ...yarn, rope_theta: 9 }, rope_theta: 7 }).rope_theta).toBe(9);
    expect(ropeOf({ rope_scaling: { ...yarn, rope_type: 'default' } }).rope_scaling).toBeNull();
    expect(ropeOf({ rope_scaling: {} })).toEqual({ rope_theta: 10000, rope_scaling: null });
    expect(ropeOf({ rope_scaling: null, rope_parameters: { rope_theta: 5 }, rope_theta: 6 }).rope_theta).toBe(5);
  });

  it('reads the other ways to stretch RoPE', () => {
    expect(ropeOf({ rope_scaling: { type: 'linear', factor: 2 } }).rope_scaling).toEqual({
      rope_type: 'linear',
      factor: 2,
    });
    const llama3 = { rope_type: 'llama3', factor: 8, low_freq_factor: 1, high_freq_factor: 4 };
    expect(ropeOf({ rope_parameters: { ...llama3, rope_theta: 5e5 } })).toEqual({
      rope_theta: 5e5,
      rope_scaling: { ...llama3, original_max_position_embeddings: 64 },
    });
  });

  it('fills in YaRN’s lengths as transformers does', () => {
    const lengths = (original_max_position_embeddings: number) => ({ original_max_position_embeddings });
    expect(ropeOf({ rope_scaling: { type: 'yarn', factor: 4 } }).rope_scaling).toMatchObject(lengths(64));
    expect(ropeOf({ rope_scaling: { type: 'yarn', factor: 4 }, ...lengths(33) }).rope_scaling).toMatchObject(
      lengths(33),
    );
    const withoutFactor = { type: 'yarn', factor: null, original_max_position_embeddings: 16 };
    expect(ropeOf({ rope_scaling: withoutFactor }).rope_scaling?.factor).toBe(4);
  });

  it('reads null and 0 in YaRN as Python’s truth has it', () => {
    const scaling = {
      type: 'yarn',
      factor: 4,
      beta_fast: 0,
      beta_slow: null,
      mscale: 0,
      mscale_all_dim: 0,
      truncate: null,
    };
    expect(ropeOf({ rope_scaling: scaling }).rope_scaling).toMatchObject({
      beta_fast: 32,
      beta_slow: 1,
      mscale: null,
      mscale_all_dim: null,
      truncate: false,
    });
  });

  it('keeps all of several end tokens, each once, and takes −1 for none', () => {
    const endOf = (eos_token_id: unknown) => parseConfigJson(changed({ eos_token_id })).tokenIds.eos_token_id;
    expect(endOf([5, 6, 5, -1])).toEqual([5, 6]);
    expect([endOf([5]), endOf([]), endOf(-1)]).toEqual([5, null, null]);
    expect(parseConfigJson(changed({ bos_token_id: -1 })).tokenIds.bos_token_id).toBe(null);
  });

  it('does not ask the routing keys of an all-dense model to fit together', () => {
    const { layers } = parseConfigJson(changed({ first_k_dense_replace: 2, num_experts_per_tok: 100 })).architecture;
    expect(layers.map(({ feedForward }) => feedForward.kind)).toEqual(['dense', 'dense']);
  });
});

describe('refusing', () => {
  it.each<[string, unknown]>([
    ['model_type', 'gpt2'],
    ['model_type', undefined],
    ['model_type', 'deepseek_v2'],
    ['hidden_act', 'gelu'],
    ['scoring_func', 'softmax'],
    ['topk_method', 'greedy'],
    ['moe_layer_freq', 2],
    ['num_key_value_heads', 1],
    ['quantization_config', { quant_method: 'fp8', weight_block_size: [64, 64] }],
    ['partial_rotary_factor', 0.5],
    ['n_group', 3],
    ['n_group', 8],
    ['n_group', 0],
    ['n_group', null],
    ['topk_group', 3],
    ['num_experts_per_tok', 5],
    ['num_experts_per_tok', 0],
    ['n_routed_experts', 1e6],
    ['qk_rope_head_dim', 3],
    ['qk_rope_head_dim', 0],
    ['n_shared_experts', null],
    ['hidden_size', 32.5],
    ['hidden_size', '32'],
    ['vocab_size', -1],
    ['num_hidden_layers', 1e9],
    ['rms_norm_eps', 'small'],
    ['routed_scaling_factor', null],
    // Infinity, or 0, in the float32 that the kernels compute in.
    ['routed_scaling_factor', 1e300],
    ['routed_scaling_factor', 3.5e38],
    ['rms_norm_eps', 1e-300],
    ['initializer_range', 1e39],
    ['tie_word_embeddings', 'yes'],
    ['eos_token_id', 67],
    ['eos_token_id', [5, 67]],
    ['eos_token_id', [5, 6.5]],
    ['eos_token_id', [[5]]],
    ['eos_token_id', Array.from({ length: 16 }, (_, id) => id)],
    ['bos_token_id', [5]],
    ['rope_scaling', [1]],
    ['rope_parameters', 'yarn'],
  ])('refuses %s = %j, naming the key', (key, value) => {
    expect(() => parseConfigJson(changed({ [key]: value }))).toThrow(ModelConfigError);
    expect(() => parseConfigJson(changed({ [key]: value }))).toThrow(expect.objectContaining({ key }));
  });

  it.each([
    ['rope_type', { rope_type: 'longrope', factor: 2 }],
    ['rope_type', { type: 'dynamic', factor: 2 }],
    ['factor', { type: 'linear' }],
    ['low_freq_factor', { rope_type: 'llama3', factor: 2, high_freq_factor: 4 }],
    ['factor', { rope_type: 'llama3', low_freq_factor: 1, high_freq_factor: 4 }],
    ['high_freq_factor', { rope_type: 'llama3', factor: 2, low_freq_factor: 4, high_freq_factor: 4 }],
    ['factor', { rope_type: 'yarn' }],
    ['factor', { rope_type: 'yarn', factor: -1 }],
    ['beta_fast', { rope_type: 'yarn', factor: 2, beta_fast: 'x' }],
    ['original_max_position_embeddings', { rope_type: 'yarn', factor: 2, original_max_position_embeddings: 0 }],
    ['factor', { rope_type: 'yarn', factor: 1e300 }],
    ['mscale', { rope_type: 'yarn', factor: 2, mscale: -1e300 }],
    ['attention_factor', { rope_type: 'yarn', factor: 2, attention_factor: 1e-200 }],
  ])('refuses a rope_scaling with a bad %s', (key, scaling) => {
    expect(() => parseConfigJson(changed({ rope_scaling: scaling }))).toThrow(
      expect.objectContaining({ key: `rope_scaling.${key}` }),
    );
  });

  it.each([
    { rope_type: 'yarn', factor: 2, mscale: 1e38, mscale_all_dim: 1e38 },
    { rope_type: 'yarn', factor: 1e-44, beta_fast: 1e-9, beta_slow: 1e-10 },
  ])('refuses a rope_scaling whose scales leave float32: %j', (rope_scaling) => {
    expect(() => parseConfigJson(changed({ rope_scaling }))).toThrow(expect.objectContaining({ key: 'rope_scaling' }));
  });

  it('refuses a rope_theta that float32 does not hold, in either place', () => {
    for (const changes of [{ rope_parameters: { rope_theta: 1e300 } }, { rope_parameters: null, rope_theta: 1e300 }])
      expect(() => parseConfigJson(changed(changes))).toThrow(expect.objectContaining({ key: 'rope_theta' }));
  });

  it('takes −0 for 0', () => {
    expect(parseConfigJson(changed({ rms_norm_eps: -0 })).architecture.epsilon).toBe(0);
  });

  it('refuses more experts or groups than the kernels hold', () => {
    const many = { n_routed_experts: 128, n_group: 1, topk_group: 1 };
    expect(() => parseConfigJson(changed({ ...many, num_experts_per_tok: 17 }))).toThrow(
      /num_experts_per_tok is 17, but at most 16/,
    );
    expect(() => parseConfigJson(changed({ ...many, n_group: 64 }))).toThrow(/n_group is 64, but at most 32/);
  });

  it.each([[null], [[]], ['{}'], [3], [undefined]])('refuses %j for a whole file', (json) => {
    expect(() => parseConfigJson(json)).toThrow(ModelConfigError);
  });

  it('says what was got, what is needed and what to do', () => {
    expect(() => parseConfigJson(changed({ model_type: 'gpt2' }))).toThrow(
      /^config\.json: model_type is "gpt2", but .*"deepseek_v3".* is needed\. Choose another model; this architecture is not/,
    );
  });

  it('is not misled by keys that every object has', () => {
    const json = JSON.parse('{"model_type":"deepseek_v3","__proto__":{"vocab_size":5}}');
    expect(parseConfigJson(json).architecture.vocabulary).toBe(129280);
  });
});

describe('writing', () => {
  const yarn = fc.record({
    rope_type: fc.constant('yarn' as const),
    factor: fc.integer({ min: 1, max: 40 }),
    original_max_position_embeddings: fc.integer({ min: 1, max: 4096 }),
    beta_fast: fc.integer({ min: 2, max: 64 }),
    beta_slow: fc.constant(1),
    mscale: fc.option(fc.constantFrom(1, 0.7)),
    mscale_all_dim: fc.option(fc.constantFrom(1, 0.5)),
    attention_factor: fc.option(fc.constantFrom(0, 1, 0.8)),
    truncate: fc.boolean(),
  });
  const linear = fc.record({ rope_type: fc.constant('linear' as const), factor: fc.constantFrom(2, 2.5) });
  const llama3 = fc.record({
    rope_type: fc.constant('llama3' as const),
    factor: fc.integer({ min: 1, max: 40 }),
    low_freq_factor: fc.constantFrom(1, 1.5),
    high_freq_factor: fc.integer({ min: 2, max: 8 }),
    original_max_position_embeddings: fc.integer({ min: 1, max: 4096 }),
  });
  const configs = fc
    .record({
      hidden_size: fc.integer({ min: 1, max: 5000 }),
      q_lora_rank: fc.option(fc.integer({ min: 1, max: 99 })),
      n_shared_experts: fc.nat(3),
      routed_scaling_factor: fc.constantFrom(1, 2.5, 1e-7, 1e22),
      initializer_range: fc.constantFrom(0, 0.02, 1),
      rms_norm_eps: fc.constantFrom(1e-6, 1e-5, 1),
      rope_theta: fc.constantFrom(10000, 50.5, 1e6),
      rope_scaling: fc.option(fc.oneof(yarn, linear, llama3)),
      rope_interleave: fc.boolean(),
      attention_bias: fc.boolean(),
      tie_word_embeddings: fc.boolean(),
      norm_topk_prob: fc.boolean(),
      eos_token_id: fc.oneof(fc.option(fc.nat(99)), fc.uniqueArray(fc.nat(99), { minLength: 2, maxLength: 15 })),
      pad_token_id: fc.option(fc.nat(99)),
    })
    .map((changes) => presetModel('nano', 128, changes));

  it('any config reads back as it was', () => {
    fc.assert(
      fc.property(configs, (config) => {
        expect(parseConfigJson(JSON.parse(writeConfigJson(config)))).toEqual(config);
      }),
    );
  });

  it('numbers that transformers declares as floats have a dot or an exponent', () => {
    const float =
      '(routed_scaling_factor|initializer_range|rms_norm_eps|attention_dropout|rope_theta|(low_freq_|high_freq_)?factor' +
      '|mscale(_all_dim)?|attention_factor)';
    fc.assert(
      fc.property(configs, (config) => {
        for (const [line] of writeConfigJson(config).matchAll(new RegExp(`"${float}": .*`, 'g')))
          expect(line).toMatch(/: -?\d+(\.\d+|e)/);
      }),
    );
  });

  it('writes what vLLM and transformers 4 ask for besides', () => {
    expect(JSON.parse(writeConfigJson(presetModel('nano', 128)))).toMatchObject({
      architectures: ['DeepseekV3ForCausalLM'],
      model_type: 'deepseek_v3',
      scoring_func: 'sigmoid',
      topk_method: 'noaux_tc',
      moe_layer_freq: 1,
      num_nextn_predict_layers: 0,
      num_key_value_heads: 4,
      head_dim: 8,
      rope_theta: 10000,
      rope_scaling: null,
      dtype: 'float32',
    });
  });
});

describe('presets', () => {
  it.each<[PresetName, number, number]>([
    ['nano', 397_344, 176_160],
    ['micro', 2_957_696, 893_312],
    ['small', 25_443_584, 6_176_000],
  ])('%s with 100 tokens has %i parameters, %i active, and its config reads back', (name, total, active) => {
    const config = presetModel(name, 100, { eos_token_id: 1 });
    expect(parseConfigJson(JSON.parse(writeConfigJson(config)))).toEqual(config);
    expect(countParameters(config.architecture)).toEqual({ total, active });
  });
});
