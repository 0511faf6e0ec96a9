// What is written reads back: in memory, in a zip, in a directory, in shards.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { contents, countingModel, readWhole, TINY, tiny, utf8, weightsOf } from '../../testing/modelFolders';
import { parseSafetensors } from '../safetensors/safetensors';
import { mapSource } from './fileSource';
import type { ModelFolder } from './folder';
import { directorySource, writeDirectory } from './nodeDirectory';
import { readFolder } from './readFolder';
import { collectFile } from './weightFiles';
import { streamFolder, writeFolder } from './writeFolder';
import { unzipSource, zipFolder } from './zipSource';

const FIXTURE = fileURLToPath(new URL('../../testing/fixtures/deepseek_v3', import.meta.url));

describe('round trips', () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['plain', {}],
    ['tied', { tie_word_embeddings: true }],
    ['query rank and biases', { q_lora_rank: 3, attention_bias: true }],
    ['all dense', { first_k_dense_replace: 1 }],
    ['without shared experts', { n_shared_experts: 0 }],
    ['a module for further tokens', { num_nextn_predict_layers: 1 }],
    ['such a module, tied', { num_nextn_predict_layers: 1, tie_word_embeddings: true, n_shared_experts: 0 }],
  ])('a written folder reads back: %s', async (_name, overrides) => {
    const model = countingModel(tiny(overrides));
    const again = await readFolder(mapSource('written', await writeFolder(model)));
    expect(again.description).toEqual(model.description);
    expect(await contents(again.tensors)).toEqual(await contents(model.tensors));
    expect(again.tokenizerJson).toEqual(model.tokenizerJson);
    expect(again.readme).toBe(model.readme);
  });

  it('a folder that transformers saved survives reading and writing, with its other files', async () => {
    const read = await readFolder(directorySource(FIXTURE));
    const written = await writeFolder(read, { 'tokenizer_config.json': '{}', 'config.json': 'nonsense' });
    expect([...written.keys()].sort()).toEqual([
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'tokenizer_config.json',
    ]);
    expect(written.get('generation_config.json')).toEqual(
      new Uint8Array(await readFile(join(FIXTURE, 'generation_config.json'))),
    );
    const again = await readFolder(mapSource('again', written));
    expect(again.description).toEqual(read.description);
    expect(await contents(again.tensors)).toEqual(await contents(read.tensors));
  });

  it('equal models give equal bytes', async () => {
    expect(await writeFolder(countingModel(TINY))).toEqual(await writeFolder(countingModel(TINY)));
  });

  it('transformers finds zero-width shared experts where there are none', async () => {
    const weights = weightsOf(await writeFolder(countingModel(tiny({ n_shared_experts: 0 }))));
    expect(weights.get('model.layers.0.mlp.shared_experts.down_proj.weight')?.shape).toEqual([4, 0]);
  });

  it('goes through a zip, at its top or in a folder', async () => {
    const files = await writeFolder(countingModel(TINY));
    for (const folderName of ['', 'my-model']) {
      const zip = zipFolder(files, folderName);
      expect(zip).toEqual(zipFolder(files, folderName));
      const read = await readFolder(unzipSource('m.zip', zip));
      expect(await contents(read.tensors)).toEqual(await contents(countingModel(TINY).tensors));
    }
  });

  it('goes through a zip of which only the files of a model are unpacked, each within its limit', async () => {
    const files = Object.fromEntries(await writeFolder(countingModel(TINY)));
    // Megabytes of nothing beside it, and a config.json further down.
    const other = { 'notes.bin': new Uint8Array(4_000_000), 'old/config.json': utf8('{}') };
    const zip = (more: Record<string, Uint8Array>) => unzipSource('m.zip', zipSync({ ...files, ...other, ...more }));
    expect(await contents((await readFolder(zip({}))).tensors)).toEqual(await contents(countingModel(TINY).tensors));
    const large = readFolder(zip({ 'README.md': new Uint8Array(2 ** 20 + 1) }));
    await expect(large).rejects.toMatchObject({ fault: 'too_large', subject: 'README.md' });
    const bomb = readFolder(zip({ 'tokenizer.json': new Uint8Array(2_000_000).fill(0x20) }));
    await expect(bomb).rejects.toMatchObject({ fault: 'too_large', subject: 'tokenizer.json' });
    expect(() => unzipSource('m.zip', utf8('PK'))).toThrow(expect.objectContaining({ fault: 'bad_archive' }));
  });

  it('goes through a directory and leaves no partial file', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'folder-'));
    try {
      await writeDirectory(join(directory, 'a', 'b'), await writeFolder(countingModel(TINY)));
      const source = directorySource(join(directory, 'a', 'b'));
      expect(await contents((await readFolder(source)).tensors)).toEqual(await contents(countingModel(TINY).tensors));
      expect(await source.read('config.json.partial')).toBeUndefined();
      expect(await source.read('../../etc/passwd')).toBeUndefined();
      await expect(directorySource(directory).read('a')).rejects.toMatchObject({ fault: 'unreadable_file' });
      const intoFile = writeDirectory(join(directory, 'a', 'b', 'config.json'), await writeFolder(countingModel(TINY)));
      await expect(intoFile).rejects.toMatchObject({ fault: 'unwritable_file', subject: 'tokenizer.json' });
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe('weights in shards', () => {
  const collect = async (model: ModelFolder, options: Parameters<typeof streamFolder>[3]) => {
    const files = new Map<string, Uint8Array>();
    for (const [name, file] of streamFolder(model, {}, [], options)) files.set(name, await collectFile(file));
    return files;
  };

  it.each([1, 100, 300, 10_000])(
    'are written with at most %i bytes each, as transformers names them, and read back',
    async (most) => {
      const model = countingModel(TINY);
      const files = await collect(model, { maxShardBytes: most });
      const shards = [...files.keys()].filter((name) => name.endsWith('.safetensors')).sort();
      const weights = new Map(shards.flatMap((name) => [...parseSafetensors(files.get(name) as Uint8Array).tensors]));
      const all = weightsOf(await writeFolder(model));
      expect([...weights.keys()]).toEqual([...all.keys()]);
      expect(await contents((await readWhole(mapSource('m', files))).tensors)).toEqual(await contents(model.tensors));
      if (shards.length === 1) {
        expect(shards).toEqual(['model.safetensors']);
        expect(files.has('model.safetensors.index.json')).toBe(false);
        return;
      }
      const count = String(shards.length).padStart(5, '0');
      expect(shards).toEqual(shards.map((_, i) => `model-${String(i + 1).padStart(5, '0')}-of-${count}.safetensors`));
      const { metadata, weight_map } = JSON.parse(new TextDecoder().decode(files.get('model.safetensors.index.json')));
      const sizes = new Map([...all].map(([name, { bytes }]) => [name, bytes.length]));
      expect(metadata).toEqual({ total_size: [...sizes.values()].reduce((sum, size) => sum + size) });
      expect(Object.keys(weight_map)).toEqual([...all.keys()]);
      for (const shard of shards) {
        const tensors = [...parseSafetensors(files.get(shard) as Uint8Array).tensors.keys()];
        expect(tensors.every((name) => weight_map[name] === shard)).toBe(true);
        const bytes = tensors.reduce((sum, name) => sum + (sizes.get(name) as number), 0);
        expect(bytes <= most || tensors.length === 1).toBe(true);
      }
    },
  );

  it('are of the type that is asked for, rounded to it; config.json says which', async () => {
    const files = await collect(countingModel(TINY), { dtype: 'BF16' });
    expect(JSON.parse(new TextDecoder().decode(files.get('config.json'))).dtype).toBe('bfloat16');
    const { tensors } = parseSafetensors(files.get('model.safetensors') as Uint8Array);
    expect(new Set([...tensors.values()].map(({ dtype }) => dtype))).toEqual(new Set(['BF16']));
    const read = await readWhole(mapSource('m', files));
    // 259 lies between 258 and 260, which bfloat16 has; the even one of the two is 260.
    const values = (await contents(read.tensors)).flatMap(([, , data]) => [...data]);
    expect(values).toContain(256);
    expect(values.every((value) => value < 256 || value % 2 === 0)).toBe(true);
  });

  it('are the same bytes streamed to a disk as made in memory', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'shards-'));
    try {
      const model = countingModel(TINY);
      await writeDirectory(directory, streamFolder(model, {}, [], { maxShardBytes: 300 }));
      for (const [name, bytes] of await collect(model, { maxShardBytes: 300 }))
        expect(new Uint8Array(await readFile(join(directory, name)))).toEqual(bytes);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
