// qwen2's config.json: biases by family, windows by layer.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { diskTensors, parseConfigJson, writeConfigJson } from '../configJson';

const BASE: Record<string, unknown> = JSON.parse(
  readFileSync(new URL('../../testing/fixtures/families/qwen2/config.json', import.meta.url), 'utf8'),
);
const read = (changes: Record<string, unknown> = {}) => parseConfigJson({ ...BASE, ...changes });
const windows = (changes: Record<string, unknown>) =>
  read(changes).architecture.layers.map(({ attention }) => 'window' in attention && attention.window);

it('puts biases on queries, keys and values, and none on the output', () => {
  const names = diskTensors(read()).map(({ name }) => name);
  expect(names.filter((name) => name.startsWith('model.layers.0.') && name.endsWith('bias'))).toEqual(
    ['q_proj', 'k_proj', 'v_proj'].map((name) => `model.layers.0.self_attn.${name}.bias`),
  );
});

it('attends to a window on the layers that layer_types or max_window_layers say, if it is turned on', () => {
  const on = { use_sliding_window: true, sliding_window: 16 };
  expect(windows({ layer_types: ['full_attention', 'sliding_attention'] })).toEqual([null, null]);
  expect(windows({ ...on, layer_types: ['full_attention', 'sliding_attention'] })).toEqual([null, 16]);
  expect(windows({ ...on, layer_types: null, max_window_layers: 1 })).toEqual([null, 16]);
  expect(() => read({ ...on, layer_types: ['full_attention'] })).toThrow(
    expect.objectContaining({ key: 'layer_types' }),
  );
});

it.each([{}, { use_sliding_window: true, sliding_window: 16, layer_types: ['full_attention', 'sliding_attention'] }])(
  'reads back as it was: %j',
  (changes) => {
    const description = read(changes);
    expect(parseConfigJson(JSON.parse(writeConfigJson(description)))).toEqual(description);
  },
);
