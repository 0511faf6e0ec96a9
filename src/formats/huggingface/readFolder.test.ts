// What is read of a folder: the forms that transformers also reads, no more bytes than are needed.
import { describe, expect, it } from 'vitest';
import { pieces, readFloats, type StoredTensor } from '../../lib/tensors/storedTensor';
import { viewOf } from '../../lib/tensors/views';
import { parameterShapes } from '../../model/parameterShapes';
import { contents, countingModel, floats, readDamaged, shard, TINY, tiny } from '../../testing/modelFolders';
import type { RawTensor } from '../safetensors/safetensors';
import { type FileSource, inPieces, mapSource } from './fileSource';
import { readFolder } from './readFolder';
import { writeFolder } from './writeFolder';

describe('forms that transformers also reads', () => {
  it('takes BF16 weights', async () => {
    const model = await readDamaged({
      weights: (weights) =>
        weights.set('lm_head.weight', { dtype: 'BF16', shape: [5, 4], bytes: new Uint8Array(40).fill(0x3f) }),
    });
    const [first] = await readFloats(model.tensors.get('head.weight') as StoredTensor);
    expect(first).toBe(0.74609375);
  });

  it('cuts fused experts into the tensors of each', async () => {
    const original = countingModel(TINY).tensors;
    const prefix = 'model.layers.0.mlp.experts.';
    const fuse = (weights: Map<string, RawTensor>, kinds: string[], shape: number[]): RawTensor => {
      const names = [0, 1].flatMap((expert) => kinds.map((kind) => `${prefix}${expert}.${kind}.weight`));
      const bytes = names.flatMap((name) => [...(weights.get(name) as RawTensor).bytes]);
      for (const name of names) weights.delete(name);
      return { dtype: 'F32', shape, bytes: Uint8Array.from(bytes) };
    };
    const model = await readDamaged({
      weights: (weights) => {
        const gateUp = fuse(weights, ['gate_proj', 'up_proj'], [2, 6, 4]);
        weights.set(`${prefix}gate_up_proj`, gateUp);
        weights.set(`${prefix}down_proj`, fuse(weights, ['down_proj'], [2, 4, 3]));
      },
    });
    expect(await contents(model.tensors)).toEqual(await contents(original));
  });

  it('leaves out prediction modules after the last layer, a head beside tied embeddings and rotary buffers', async () => {
    const model = await readDamaged(
      {
        weights: (weights) => {
          weights.set('model.layers.1.eh_proj.weight', floats([4, 8]));
          weights.set('lm_head.weight', floats([5, 4]));
          weights.set('model.layers.0.self_attn.rotary_emb.inv_freq', floats([4]));
        },
      },
      tiny({ tie_word_embeddings: true }),
    );
    expect([...model.tensors.keys()].sort()).toEqual(
      [...parameterShapes(model.description.architecture).keys()].sort(),
    );
  });

  it('reads shards', async () => {
    const model = await readDamaged({ files: (files) => shard(files) });
    expect(await contents(model.tensors)).toEqual(await contents(countingModel(TINY).tensors));
  });
});

describe('what is read of a folder', () => {
  /** A source of TINY's folder that counts the bytes that are read of its weights. */
  async function counted() {
    const source = mapSource('m', await writeFolder(countingModel(TINY)));
    const seen = { bytes: 0, most: 0 };
    const read: FileSource['read'] = async (fileName, range) => {
      const bytes = await source.read(fileName, range);
      if (fileName === 'model.safetensors' && bytes) {
        seen.bytes += bytes.length;
        seen.most = Math.max(seen.most, bytes.length);
      }
      return bytes;
    };
    return { source: { ...source, read }, seen };
  }

  it('is each byte once, in pieces of a bounded size', async () => {
    const { source, seen } = await counted();
    const inParts = inPieces(source, 64);
    const size = (await source.size('model.safetensors')) as number;
    const bytes = [];
    for (let at = 0; at < size; at += 8)
      bytes.push(...((await inParts.read('model.safetensors', { start: at, end: at + 8 })) ?? []));
    expect(Uint8Array.from(bytes)).toEqual(
      await mapSource('m', await writeFolder(countingModel(TINY))).read('model.safetensors'),
    );
    expect(seen).toEqual({ bytes: size, most: 64 });
    // More than a piece comes at once, and another part than the next is found.
    expect(await inParts.read('model.safetensors', { start: 0, end: 100 })).toHaveLength(100);
    expect(await inParts.read('model.safetensors', { start: size - 1, end: size })).toHaveLength(1);
  });

  it('is a range of a tensor where one is asked for', async () => {
    const { tensors } = await readFolder((await counted()).source);
    const tensor = tensors.get('embedding.weight') as StoredTensor;
    const all = await readFloats(tensor);
    expect(viewOf(Float32Array, await tensor.read({ start: 3, end: 7 }))).toEqual(all.slice(3, 7));
    const read: number[][] = [];
    for await (const { start, values } of pieces(tensor, 8)) read.push([start, ...values]);
    expect(read.map(([start]) => start)).toEqual([0, 8, 16]);
    expect(read.flatMap(([, ...values]) => values)).toEqual([...all]);
  });

  it('are files that a person chose, which the browser keeps', async () => {
    const files = [...(await writeFolder(countingModel(TINY)))].map(
      ([name, bytes]) => [name, new Blob([bytes.slice()])] as const,
    );
    const model = await readFolder(mapSource('chosen', new Map(files)));
    expect(await contents(model.tensors)).toEqual(await contents(countingModel(TINY).tensors));
  });
});
