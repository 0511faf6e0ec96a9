// olmoe's config.json: experts in every layer, chosen by a softmax; norms over all heads of queries and of keys.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { diskTensors, parseConfigJson, writeConfigJson } from '../configJson';
import { countParameters } from '../parameterShapes';

const BASE: Record<string, unknown> = JSON.parse(
  readFileSync(new URL('../../testing/fixtures/families/olmoe/config.json', import.meta.url), 'utf8'),
);
const read = (changes: Record<string, unknown> = {}) => parseConfigJson({ ...BASE, ...changes });

it('describes its experts and its norms', () => {
  const description = read();
  const [{ attention, feedForward }] = description.architecture.layers as never as [Record<string, unknown>];
  expect(attention).toMatchObject({ headNorm: { kind: 'wholeWidth', epsilon: 1e-5 } });
  const scores = { scores: 'softmax', hasSelectionBias: false, isNormalized: false, numShared: 0 };
  expect(feedForward).toMatchObject({ numExperts: 8, topK: 3, hidden: 48, ...scores });
  const shapes = new Map(diskTensors(description).map(({ name, shape }) => [name, shape]));
  expect(shapes.get('model.layers.1.self_attn.q_norm.weight')).toEqual([32]);
  expect(shapes.get('model.layers.1.self_attn.k_norm.weight')).toEqual([16]);
  expect(shapes.get('model.layers.1.mlp.experts.7.down_proj.weight')).toEqual([32, 48]);
  expect([...shapes.keys()].filter((name) => name.includes('bias'))).toEqual([]);
});

it('counts the parameters of OLMoE-1B-7B, whose config.json leaves out what the class has', () => {
  const large = parseConfigJson({ model_type: 'olmoe', intermediate_size: 1024 });
  const { total, active } = countParameters(large.architecture);
  expect([total, active]).toEqual([6_919_161_856, 1_282_017_280]);
});

it.each<[string, unknown]>([
  ['clip_qkv', 8],
  ['num_experts_per_tok', 9],
  ['num_experts', 60_000],
])('refuses %s = %j, naming the key', (key, value) => {
  expect(() => read({ [key]: value })).toThrow(expect.objectContaining({ key }));
});

it.each([{}, { norm_topk_prob: true, attention_bias: true }])('reads back as it was: %j', (changes) => {
  const description = read(changes);
  expect(parseConfigJson(JSON.parse(writeConfigJson(description)))).toEqual(description);
});
