// The names and shapes are those of checkpoints that transformers saved.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseSafetensors } from '../formats/safetensors/safetensors';
import { numElements } from '../lib/tensors/storedTensor';
import { diskTensors, parseConfigJson } from './configJson';
import { countParameters, isBuffer, parameterShapes } from './parameterShapes';
import { presetModel } from './presets';

const file = (path: string) => readFileSync(new URL(`../testing/fixtures/${path}`, import.meta.url));

const model = (changes: Readonly<Record<string, unknown>> = {}) => presetModel('nano', 128, changes);
const namesOf = (changes: Readonly<Record<string, unknown>> = {}) =>
  diskTensors(model(changes)).map(({ name }) => name);

describe('the tensors of a checkpoint', () => {
  it.each(['deepseek_v3', 'deepseek_v3_qlora_yarn'])('names exactly the tensors of the checkpoint %s', (name) => {
    const description = parseConfigJson(JSON.parse(file(`${name}/config.json`).toString()));
    const saved = [...parseSafetensors(new Uint8Array(file(`${name}/model.safetensors`))).tensors];
    const shapes = Object.fromEntries(saved.map(([tensor, { shape }]) => [tensor, shape]));
    expect(Object.fromEntries(diskTensors(description).map((tensor) => [tensor.name, tensor.shape]))).toEqual(shapes);
  });

  it('goes through the layers in order: embedding, attention, FFN, final norm, head', () => {
    const names = namesOf({ num_hidden_layers: 2, n_routed_experts: 2, first_k_dense_replace: 1 });
    expect(names.map((name) => name.replace('model.layers.', ''))).toEqual([
      'model.embed_tokens.weight',
      '0.input_layernorm.weight',
      '0.self_attn.q_proj.weight',
      '0.self_attn.kv_a_proj_with_mqa.weight',
      '0.self_attn.kv_a_layernorm.weight',
      '0.self_attn.kv_b_proj.weight',
      '0.self_attn.o_proj.weight',
      '0.post_attention_layernorm.weight',
      '0.mlp.gate_proj.weight',
      '0.mlp.up_proj.weight',
      '0.mlp.down_proj.weight',
      '1.input_layernorm.weight',
      '1.self_attn.q_proj.weight',
      '1.self_attn.kv_a_proj_with_mqa.weight',
      '1.self_attn.kv_a_layernorm.weight',
      '1.self_attn.kv_b_proj.weight',
      '1.self_attn.o_proj.weight',
      '1.post_attention_layernorm.weight',
      '1.mlp.gate.weight',
      '1.mlp.gate.e_score_correction_bias',
      '1.mlp.experts.0.gate_proj.weight',
      '1.mlp.experts.0.up_proj.weight',
      '1.mlp.experts.0.down_proj.weight',
      '1.mlp.experts.1.gate_proj.weight',
      '1.mlp.experts.1.up_proj.weight',
      '1.mlp.experts.1.down_proj.weight',
      '1.mlp.shared_experts.gate_proj.weight',
      '1.mlp.shared_experts.up_proj.weight',
      '1.mlp.shared_experts.down_proj.weight',
      'model.norm.weight',
      'lm_head.weight',
    ]);
  });

  it('gives biases to the two down-projections and the output only', () => {
    const biases = diskTensors(model({ attention_bias: true, q_lora_rank: 12, num_hidden_layers: 1 }))
      .filter(({ name }) => name.endsWith('.bias'))
      .map(({ name, shape }) => [name.split('.').at(-2), shape]);
    expect(biases).toEqual([
      ['q_a_proj', [12]],
      ['kv_a_proj_with_mqa', [40]],
      ['o_proj', [64]],
    ]);
  });

  it('has no head when tied, no experts when all layers are dense, empty shared experts when there are none', () => {
    expect(namesOf({ tie_word_embeddings: true })).not.toContain('lm_head.weight');
    expect(namesOf({ first_k_dense_replace: 3 }).join()).not.toMatch(/experts|gate\.weight/);
    const shared = diskTensors(model({ n_shared_experts: 0 })).filter(({ name }) => name.includes('shared_experts'));
    expect(shared).toHaveLength(3 * 3);
    expect(shared.every(({ shape, parameter }) => numElements(shape) === 0 && parameter === undefined)).toBe(true);
  });

  it('are each of one parameter, and every parameter is among them', () => {
    const { architecture } = model();
    const parameters = diskTensors(model()).map(({ parameter, shape }) => [parameter, shape]);
    expect(parameters).toEqual([...parameterShapes(architecture)]);
  });
});

describe('counting', () => {
  it('a scalar has one element', () => {
    expect(numElements([])).toBe(1);
    expect(numElements([3, 0, 5])).toBe(0);
  });

  it('leaves the selection bias out, for it is not trained', () => {
    const { architecture } = model();
    const stored = [...parameterShapes(architecture)].reduce((sum, [, shape]) => sum + numElements(shape), 0);
    expect(stored - countParameters(architecture).total).toBe(3 * 8);
    expect(isBuffer('layers.1.feedForward.router.selectionBias')).toBe(true);
    expect(isBuffer('layers.1.feedForward.router.weight')).toBe(false);
  });
});
