// Folders with quantised weights read as what their integers, scales and offsets mean; what does not fit is named.
import { describe, expect, it } from 'vitest';
import { numElements, readFloats, type StoredTensor } from '../../lib/tensors/storedTensor';
import { bytesOf } from '../../lib/tensors/views';
import { diskTensors, parseConfigJson } from '../../model/configJson';
import { utf8 } from '../../testing/modelFolders';
import { normalFloats } from '../../testing/numbers';
import type { RawTensor } from '../safetensors/safetensors';
import { writeSafetensors } from '../safetensors/writeSafetensors';
import { mapSource } from './fileSource';
import type { ModelFolder } from './folder';
import { readFolder } from './readFolder';

const CONFIG = {
  model_type: 'llama',
  vocab_size: 24,
  hidden_size: 32,
  intermediate_size: 64,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  max_position_embeddings: 64,
};
const GROUP = 16;
const GATE = 'model.layers.0.mlp.gate_proj.weight';

const floats = (shape: readonly number[], data: ArrayLike<number>): RawTensor => ({
  dtype: 'F32',
  shape,
  bytes: bytesOf(Float32Array.from(data)),
});

type Quantize = (
  name: string,
  shape: readonly number[],
  seed: number,
) => { raw: [string, RawTensor][]; means: number[] };

/** MLX: unsigned integers of so many bits in words, a scale and an offset for 16 neighbours. */
const affine =
  (bits: number): Quantize =>
  (name, [rows = 0, columns = 0], seed) => {
    const groups = columns / GROUP;
    const q = Array.from({ length: rows * columns }, (_, i) => Math.imul(i + seed, 2654435761) >>> (32 - bits));
    const words = new Uint32Array((rows * columns * bits) / 32);
    for (const [i, value] of q.entries()) {
      const at = Math.floor((i * bits) / 32);
      words[at] = ((words[at] as number) | (value << ((i * bits) % 32))) >>> 0;
    }
    const [scales, offsets] = [normalFloats(rows * groups, seed), normalFloats(rows * groups, seed + 1)];
    const part = (of: string) => name.replace(/weight$/, of);
    return {
      raw: [
        [part('biases'), floats([rows, groups], offsets)],
        [part('scales'), floats([rows, groups], scales)],
        [name, { dtype: 'U32', shape: [rows, (columns * bits) / 32], bytes: bytesOf(words) }],
      ],
      means: q.map((value, i) => {
        const group = Math.floor(i / columns) * groups + Math.floor((i % columns) / GROUP);
        return Math.fround((scales[group] as number) * value + (offsets[group] as number));
      }),
    };
  };

/** compressed-tensors: signed integers, a scale a row, or one for all. */
const signed =
  (isOneScale: boolean): Quantize =>
  (name, [rows = 0, columns = 0], seed) => {
    const q = Int8Array.from({ length: rows * columns }, (_, i) => Math.imul(i + seed, 2654435761) >>> 24);
    const shape = isOneScale ? [1] : [rows, 1];
    const scales = normalFloats(numElements(shape), seed);
    return {
      raw: [
        [name, { dtype: 'I8', shape: [rows, columns], bytes: bytesOf(q) }],
        [`${name}_scale`, floats(shape, scales)],
      ],
      means: Array.from(q, (value, i) =>
        Math.fround((scales[isOneScale ? 0 : Math.floor(i / columns)] as number) * value),
      ),
    };
  };

const MLX = { quantization: { group_size: GROUP, bits: 4 }, quantization_config: { group_size: GROUP, bits: 4 } };
const COMPRESSED = { quantization_config: { quant_method: 'compressed-tensors', format: 'int-quantized' } };

/** A model whose matrices are quantised and whose norms are not, and what it means. */
async function quantizedFolder(
  config: Readonly<Record<string, unknown>>,
  quantize: Quantize,
  damage: (weights: Map<string, RawTensor>) => void = () => {},
): Promise<{ folder: ModelFolder; means: Map<string, number[]> }> {
  const weights = new Map<string, RawTensor>();
  const means = new Map<string, number[]>();
  for (const [seed, { name, shape, parameter = '' }] of diskTensors(parseConfigJson(CONFIG)).entries()) {
    const plain = Array.from(normalFloats(numElements(shape), seed));
    const one =
      shape.length === 2 ? quantize(name, shape, seed) : { raw: [[name, floats(shape, plain)] as const], means: plain };
    for (const [of, raw] of one.raw) weights.set(of, raw);
    means.set(parameter, one.means);
  }
  damage(weights);
  const files = new Map([
    ['config.json', utf8(JSON.stringify({ ...CONFIG, ...config }))],
    ['model.safetensors', writeSafetensors(weights)],
  ]);
  return { folder: await readFolder(mapSource('m', files)), means };
}

describe.each<[string, Readonly<Record<string, unknown>>, Quantize]>([
  ['words of 4 bits', MLX, affine(4)],
  ['words of 8 bits', { quantization: { group_size: GROUP, bits: 8 } }, affine(8)],
  ['signed integers with a scale a row', COMPRESSED, signed(false)],
  ['signed integers with one scale', COMPRESSED, signed(true)],
])('%s', (_, config, quantize) => {
  it('are read as the weights that they mean, whole and in part', async () => {
    const { folder, means } = await quantizedFolder(config, quantize);
    expect([...folder.tensors.keys()].sort()).toEqual([...means.keys()].sort());
    for (const [name, tensor] of folder.tensors) {
      const expected = means.get(name) as number[];
      expect([...(await readFloats(tensor))].map((value) => value + 0)).toEqual(expected.map((value) => value + 0));
      const part: StoredTensor = { ...tensor, read: () => tensor.read({ start: 3, end: 27 }) };
      expect([...(await readFloats(part))].map((value) => value + 0)).toEqual(expected.slice(3, 27).map((v) => v + 0));
    }
  });
});

describe('what does not fit is named', () => {
  it.each<[string, (weights: Map<string, RawTensor>) => void, object]>([
    ['offsets', (weights) => weights.delete(GATE.replace('weight', 'biases')), { fault: 'missing_tensor' }],
    [
      'a scale too few',
      (weights) => weights.set(GATE.replace('weight', 'scales'), floats([63, 2], new Array(126).fill(1))),
      { fault: 'wrong_shape' },
    ],
    [
      'words too few',
      (weights) => weights.set(GATE, { dtype: 'U32', shape: [64, 3], bytes: new Uint8Array(768) }),
      { fault: 'wrong_shape', subject: GATE },
    ],
    ['scales', (weights) => weights.delete(GATE.replace('weight', 'scales')), { fault: 'wrong_shape', subject: GATE }],
  ])('%s', async (_, damage, expected) => {
    await expect(quantizedFolder(MLX, affine(4), damage)).rejects.toMatchObject(expected);
  });

  it('a scale that is not finite', async () => {
    const scales = GATE.replace('weight', 'scales');
    const damage = (weights: Map<string, RawTensor>) =>
      weights.set(scales, floats([64, 2], new Array(128).fill(Number.NaN)));
    const { folder } = await quantizedFolder(MLX, affine(4), (weights) => void damage(weights));
    await expect(folder.tensors.get('layers.0.feedForward.gate.weight')?.read()).rejects.toMatchObject({
      fault: 'not_finite',
      subject: scales,
    });
  });

  it.each([
    { quant_method: 'gptq', bits: 4, group_size: 128 },
    { bits: 3, group_size: 64 },
    { bits: 4, group_size: 32, mode: 'mxfp4' },
    { quant_method: 'compressed-tensors', format: 'pack-quantized' },
  ])('quantization_config %j', async (quantization_config) => {
    await expect(quantizedFolder({ quantization_config }, affine(4))).rejects.toMatchObject({
      key: 'quantization_config',
    });
  });
});
