// qwen3's config.json: a norm of each head, widths of heads apart from the model's.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { diskTensors, parseConfigJson, writeConfigJson } from '../configJson';
import { countParameters } from '../parameterShapes';

const BASE: Record<string, unknown> = JSON.parse(
  readFileSync(new URL('../../testing/fixtures/families/qwen3/config.json', import.meta.url), 'utf8'),
);
const read = (changes: Record<string, unknown> = {}) => parseConfigJson({ ...BASE, ...changes });

it('norms queries and keys of each head', () => {
  const description = read();
  expect(description.architecture.layers[0]?.attention).toMatchObject({
    headWidth: 16,
    hasBias: false,
    headNorm: { kind: 'perHead', epsilon: 1e-6 },
  });
  const norms = diskTensors(description).filter(({ name }) => /layers\.1\.self_attn\.[qk]_norm\.weight/.test(name));
  expect(norms.map(({ shape }) => shape)).toEqual([[16], [16]]);
});

it('counts the parameters of Qwen3-0.6B, whose heads are wider than its width divided by them', () => {
  const sizes = { hidden_size: 1024, intermediate_size: 3072, num_hidden_layers: 28, num_attention_heads: 16 };
  const small = { model_type: 'qwen3', num_key_value_heads: 8, tie_word_embeddings: true, ...sizes };
  expect(countParameters(parseConfigJson(small).architecture).total).toBe(596_049_920);
});

it.each([{}, { attention_bias: true }, { use_sliding_window: true, sliding_window: 16, layer_types: null }])(
  'reads back as it was: %j',
  (changes) => {
    const description = read(changes);
    expect(parseConfigJson(JSON.parse(writeConfigJson(description)))).toEqual(description);
  },
);
