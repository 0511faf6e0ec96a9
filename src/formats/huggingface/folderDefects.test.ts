// Every defect of a folder is named.
import { describe, expect, it } from 'vitest';
import { writeConfigJson } from '../../model/configJson';
import {
  BIAS,
  countingModel,
  EMBEDDING,
  floats,
  readDamaged,
  shard,
  TINY,
  tiny,
  utf8,
} from '../../testing/modelFolders';
import type { RawTensor } from '../safetensors/safetensors';
import { writeFolder } from './writeFolder';
import { unzipSource, zipFolder } from './zipSource';

describe('defects', () => {
  const refused: [string, Parameters<typeof readDamaged>[0], object][] = [
    [
      'no config.json',
      { files: (files) => files.delete('config.json') },
      { fault: 'missing_file', subject: 'config.json' },
    ],
    [
      'no weights',
      { files: (files) => files.delete('model.safetensors') },
      { fault: 'missing_file', subject: 'model.safetensors' },
    ],
    [
      'a config.json that is not JSON',
      { files: (files) => files.set('config.json', utf8('{')) },
      { fault: 'bad_json', subject: 'config.json' },
    ],
    [
      'a tokenizer.json that is not JSON',
      { files: (files) => files.set('tokenizer.json', utf8('')) },
      { fault: 'bad_json', subject: 'tokenizer.json' },
    ],
    [
      'a README that is not text',
      { files: (files) => files.set('README.md', Uint8Array.of(0xff)) },
      { fault: 'bad_json', subject: 'README.md' },
    ],
    [
      'a config of another family',
      { files: (files) => files.set('config.json', utf8('{"model_type":"gpt2"}')) },
      { key: 'model_type' },
    ],
    [
      'a missing tensor',
      { weights: (weights) => weights.delete(EMBEDDING) },
      { fault: 'missing_tensor', subject: EMBEDDING },
    ],
    [
      'a missing selection bias',
      { weights: (weights) => weights.delete(BIAS) },
      { fault: 'missing_tensor', subject: BIAS },
    ],
    [
      'a missing head',
      { weights: (weights) => weights.delete('lm_head.weight') },
      { fault: 'missing_tensor', subject: 'lm_head.weight' },
    ],
    [
      'a tensor too many',
      { weights: (weights) => weights.set('model.extra', floats([1])) },
      { fault: 'unexpected_tensor', subject: 'model.extra' },
    ],
    [
      'an expert too many',
      { weights: (weights) => weights.set('model.layers.0.mlp.experts.2.up_proj.weight', floats([3, 4])) },
      { fault: 'unexpected_tensor' },
    ],
    [
      'a transposed tensor',
      { weights: (weights) => weights.set(EMBEDDING, floats([4, 5])) },
      { fault: 'wrong_shape', subject: EMBEDDING },
    ],
    [
      'a flattened tensor',
      { weights: (weights) => weights.set(EMBEDDING, floats([20])) },
      { fault: 'wrong_shape', subject: EMBEDDING },
    ],
    [
      'fused experts of another shape',
      {
        weights: (weights) => {
          for (const expert of [0, 1]) weights.delete(`model.layers.0.mlp.experts.${expert}.down_proj.weight`);
          weights.set('model.layers.0.mlp.experts.down_proj', floats([2, 3, 4]));
        },
      },
      { fault: 'wrong_shape', subject: 'model.layers.0.mlp.experts.down_proj' },
    ],
    [
      'experts that are fused and apart',
      { weights: (weights) => weights.set('model.layers.0.mlp.experts.down_proj', floats([2, 4, 3])) },
      { fault: 'unexpected_tensor', subject: 'model.layers.0.mlp.experts.down_proj' },
    ],
    [
      'a NaN',
      { weights: (weights) => weights.set(BIAS, floats([2], Number.NaN)) },
      { fault: 'not_finite', subject: BIAS },
    ],
    [
      'an infinity',
      { weights: (weights) => weights.set(EMBEDDING, floats([5, 4], Number.POSITIVE_INFINITY)) },
      { fault: 'not_finite', subject: EMBEDDING },
    ],
    [
      'weights of integers',
      { weights: (weights) => weights.set(BIAS, { ...floats([2]), dtype: 'I32' }) },
      { fault: 'unreadable_type', tensor: BIAS },
    ],
    [
      'weights cut off',
      { files: (files) => files.set('model.safetensors', (files.get('model.safetensors') as Uint8Array).slice(0, -1)) },
      { fault: 'truncated', tensor: 'lm_head.weight' },
    ],
    [
      'a shard missing',
      { files: (files) => [shard(files), files.delete('model-00002-of-00002.safetensors')] },
      { fault: 'missing_file', subject: 'model-00002-of-00002.safetensors' },
    ],
    [
      'a shard outside the folder',
      { files: (files) => shard(files, (map) => Object.assign(map, { [EMBEDDING]: '../other.safetensors' })) },
      { fault: 'bad_index' },
    ],
    [
      'a tensor that its shard does not hold',
      {
        files: (files) =>
          shard(files, (map) => Object.assign(map, { [EMBEDDING]: 'model-00002-of-00002.safetensors' })),
      },
      { fault: 'missing_tensor', subject: EMBEDDING },
    ],
    [
      'a tensor in two shards',
      {
        files: (files) => [
          shard(files),
          files.set('model-00002-of-00002.safetensors', files.get('model-00001-of-00002.safetensors') as Uint8Array),
        ],
      },
      { fault: 'bad_index' },
    ],
    [
      'an index without a map',
      { files: (files) => [files.delete('model.safetensors'), files.set('model.safetensors.index.json', utf8('{}'))] },
      { fault: 'bad_index' },
    ],
  ];

  it.each(refused)('refuses %s and names it', async (_name, damage, expected) => {
    await expect(readDamaged(damage)).rejects.toMatchObject(expected);
  });

  it('says to convert weights of a type that is not read', async () => {
    const integers = {
      weights: (weights: Map<string, RawTensor>) => weights.set(BIAS, { ...floats([2]), dtype: 'I32' as const }),
    };
    await expect(readDamaged(integers)).rejects.toThrow('Convert the weights to float32, float16 or bfloat16');
  });

  it('says which tensor, what shape and what is needed', async () => {
    await expect(readDamaged({ weights: (weights) => weights.set(EMBEDDING, floats([4, 5])) })).rejects.toThrow(
      'my-model: the tensor model.embed_tokens.weight has shape [4,5], but config.json needs [5,4].',
    );
  });

  it('does not save a model whose tensors do not fit its config', async () => {
    const model = countingModel(TINY);
    const wide = writeFolder({ ...model, description: tiny({ vocab_size: 6 }) });
    await expect(wide).rejects.toMatchObject({ fault: 'wrong_shape', subject: EMBEDDING });
    await expect(writeFolder({ ...model, tensors: new Map() })).rejects.toMatchObject({ fault: 'missing_tensor' });
  });

  it('refuses what is not a zip, and a zip cut off', () => {
    expect(() => unzipSource('notes.txt', utf8('hello'))).toThrow(
      expect.objectContaining({ fault: 'bad_archive', subject: 'notes.txt' }),
    );
    const zip = zipFolder(new Map([['config.json', utf8(writeConfigJson(TINY))]]));
    expect(() => unzipSource('m.zip', zip.slice(0, zip.length / 2))).toThrow(
      expect.objectContaining({ fault: 'bad_archive' }),
    );
  });
});
