// Folders in and out: what is read is checked against its config, every defect is named, what is written reads back.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { floatTensor, numElements, pieces, readFloats, type StoredTensor } from '../../lib/tensors/storedTensor';
import { bytesOf, viewOf } from '../../lib/tensors/views';
import { writeConfigJson } from '../../model/configJson';
import type { ModelDescription } from '../../model/description';
import { parameterShapes } from '../../model/parameterShapes';
import { presetModel } from '../../model/presets';
import type { TokenIds } from '../../model/tokenIds';
import { parseSafetensors, type RawTensor } from '../safetensors/safetensors';
import { writeSafetensors } from '../safetensors/writeSafetensors';
import { type FileSource, inPieces, mapSource } from './fileSource';
import type { ModelFolder } from './folder';
import { directorySource, writeDirectory } from './nodeDirectory';
import { readFolder } from './readFolder';
import { tokenRoles } from './tokenRoles';
import { urlSource } from './urlSource';
import { collectFile } from './weightFiles';
import { streamFolder, writeFolder } from './writeFolder';
import { unzipSource, zipFolder } from './zipSource';

const FIXTURE = fileURLToPath(new URL('../../testing/fixtures/deepseek_v3', import.meta.url));
const SIZES = {
  hidden_size: 4,
  moe_intermediate_size: 3,
  num_hidden_layers: 1,
  num_attention_heads: 1,
  n_routed_experts: 2,
  kv_lora_rank: 2,
};
/** A small model with some keys of its config.json changed. */
const tiny = (changes: Readonly<Record<string, unknown>> = {}) => presetModel('nano', 5, { ...SIZES, ...changes });
const TINY = tiny();
const EMBEDDING = 'model.embed_tokens.weight';
const BIAS = 'model.layers.0.mlp.gate.e_score_correction_bias';
const utf8 = (text: string) => new TextEncoder().encode(text);

/** A model whose every value tells its place. */
function countingModel(description: ModelDescription): ModelFolder {
  let next = 0;
  const tensors = new Map<string, StoredTensor>();
  for (const [name, shape] of parameterShapes(description.architecture)) {
    tensors.set(
      name,
      floatTensor(
        shape,
        Float32Array.from({ length: numElements(shape) }, () => next++),
      ),
    );
  }
  return { description, tensors, tokenizerJson: { version: '1.0' }, readme: '# A model\n' };
}

const weightsOf = (files: ReadonlyMap<string, Uint8Array>) =>
  new Map(parseSafetensors(files.get('model.safetensors') as Uint8Array).tensors);

/** Name, shape and values of each tensor, by name. */
async function contents(
  tensors: ReadonlyMap<string, StoredTensor>,
): Promise<[string, readonly number[], Float32Array][]> {
  const read = [...tensors].map(
    async ([name, tensor]): Promise<[string, readonly number[], Float32Array]> => [
      name,
      tensor.shape,
      (await readFloats(tensor)).slice(),
    ],
  );
  return (await Promise.all(read)).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Reads a folder with all of its values. */
async function readWhole(source: FileSource): Promise<ModelFolder> {
  const folder = await readFolder(source);
  for (const tensor of folder.tensors.values()) await tensor.read();
  return folder;
}

/** Reads TINY's folder after `damage` to its files or its weights. */
async function readDamaged(
  damage: { files?: (files: Map<string, Uint8Array>) => void; weights?: (weights: Map<string, RawTensor>) => void },
  description = TINY,
) {
  const files = new Map(await writeFolder(countingModel(description)));
  const weights = weightsOf(files);
  damage.weights?.(weights);
  files.set('model.safetensors', writeSafetensors(weights));
  damage.files?.(files);
  return readWhole(mapSource('my-model', files));
}

const floats = (shape: number[], fill = 1): RawTensor => ({
  dtype: 'F32',
  shape,
  bytes: bytesOf(new Float32Array(numElements(shape)).fill(fill)),
});

describe('round trips', () => {
  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['plain', {}],
    ['tied', { tie_word_embeddings: true }],
    ['query rank and biases', { q_lora_rank: 3, attention_bias: true }],
    ['all dense', { first_k_dense_replace: 1 }],
    ['without shared experts', { n_shared_experts: 0 }],
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

  it('are of the type that is asked for, rounded to it', async () => {
    const files = await collect(countingModel(TINY), { dtype: 'BF16' });
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

describe('files beside the weights', () => {
  const json = (value: unknown) => utf8(JSON.stringify(value));
  const readWith = (entries: Readonly<Record<string, Uint8Array>>, changes: Readonly<Record<string, unknown>> = {}) =>
    readDamaged(
      {
        files: (files) => {
          for (const [name, bytes] of Object.entries(entries)) files.set(name, bytes);
        },
      },
      tiny(changes),
    );

  it.each([
    [
      'config.json',
      utf8('{"model_type":"deepseek_v3","vocab_size":5,"vocab_size":6}'),
      'bad_json',
      /"vocab_size" is there twice at line 1, column 44/,
    ],
    [
      'tokenizer.json',
      utf8('{"model":{"vocab":{"a":0,\n"\\u0061":1}}}'),
      'bad_json',
      /"a" is there twice at line 2, column 1/,
    ],
    ['generation_config.json', utf8('{"top_k": NaN}'), 'bad_json', /is not expected at line 1, column 11/],
    ['tokenizer_config.json', utf8('{"eos_token": "\\ud800"}'), 'bad_json', /half a surrogate pair/],
    ['tokenizer.json', utf8('['.repeat(100_000)), 'bad_json', /more than 64 objects and lists in one another/],
    ['config.json', new Uint8Array(2 ** 20 + 1).fill(0x20), 'too_large', /1048577 bytes, at most 1048576/],
    ['README.md', new Uint8Array(2 ** 20 + 1).fill(0x20), 'too_large', /README.md/],
    ['chat_template.jinja', new Uint8Array(2 ** 18 + 1).fill(0x20), 'too_large', /chat_template/],
    ['tokenizer_config.json', new Uint8Array(2 ** 23 + 1).fill(0x20), 'too_large', /tokenizer_config/],
    ['special_tokens_map.json', new Uint8Array(2 ** 20 + 1).fill(0x20), 'too_large', /special_tokens_map/],
  ])('are refused where %s is malformed, says a thing twice or is too large', async (file, bytes, fault, message) => {
    const reading = readWith({ [file]: bytes });
    await expect(reading).rejects.toMatchObject({ fault, subject: file });
    await expect(reading).rejects.toThrow(message);
  });

  it('say which tokens end an answer: all that config.json, generation_config.json and tokenizer_config.json name', async () => {
    const rolesOf = async (entries: Readonly<Record<string, unknown>>, eos_token_id: TokenIds['eos_token_id'] = null) =>
      tokenRoles(
        await readWith(Object.fromEntries(Object.entries(entries).map(([name, value]) => [name, json(value)])), {
          eos_token_id,
        }),
      );
    const generation = (eos_token_id: unknown) => ({ 'generation_config.json': { eos_token_id } });
    expect((await rolesOf({}, [2, 3])).eos_token_id).toEqual([2, 3]);
    expect((await rolesOf(generation(4))).eos_token_id).toEqual([4]);
    expect((await rolesOf(generation([4, 3]), 2)).eos_token_id).toEqual([2, 4, 3]);
    const named = await rolesOf({ 'tokenizer_config.json': { eos_token: { content: '</s>' }, bos_token: null } });
    expect(named).toMatchObject({ eos_token: '</s>', bos_token: null, eos_token_id: [] });
    await expect(rolesOf(generation(5))).rejects.toThrow('generation_config.json: eos_token_id is 5');
    await expect(rolesOf({ 'tokenizer_config.json': { eos_token: 3 } })).rejects.toThrow('eos_token is 3');
    await expect(rolesOf({ 'tokenizer_config.json': [] })).rejects.toThrow('tokenizer_config.json: the file is []');
  });

  it('take the end that transformers assumes only where no file names one', async () => {
    const { eos_token_id: _, ...silent } = JSON.parse(writeConfigJson(TINY));
    const endOf = async (eos_token_id: unknown) =>
      (await readWith({ 'config.json': json(silent), 'generation_config.json': json({ eos_token_id }) })).description
        .tokenIds.eos_token_id;
    expect([await endOf(null), await endOf(4)]).toEqual([1, null]);
  });

  it('carry several end tokens through', async () => {
    const written = await writeFolder({ ...countingModel(tiny({ eos_token_id: [2, 3] })) });
    for (const name of ['config.json', 'generation_config.json'])
      expect(JSON.parse(new TextDecoder().decode(written.get(name)))).toMatchObject({ eos_token_id: [2, 3] });
  });

  it('tell which weights were taken where there are a whole file and parts', async () => {
    const files = new Map(await writeFolder(countingModel(TINY)));
    expect((await readFolder(mapSource('m', files))).notices).toEqual([]);
    files.set('model.safetensors.index.json', json({ weight_map: { a: 'model-00001-of-00002.safetensors' } }));
    const { notices } = await readFolder(mapSource('m', files));
    expect(notices).toEqual([
      { kind: 'weightsTwice', taken: 'model.safetensors', left: 'model.safetensors.index.json' },
    ]);
  });
});

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

/** Splits the weights of a folder over two files and an index. */
function shard(files: Map<string, Uint8Array>, change: (map: Record<string, unknown>) => void = () => {}): void {
  const weights = [...weightsOf(files)];
  const weightMap: Record<string, unknown> = {};
  files.delete('model.safetensors');
  for (const [part, chunk] of [weights.slice(0, 7), weights.slice(7)].entries()) {
    const file = `model-0000${part + 1}-of-00002.safetensors`;
    files.set(file, writeSafetensors(chunk));
    for (const [name] of chunk) weightMap[name] = file;
  }
  change(weightMap);
  files.set('model.safetensors.index.json', utf8(JSON.stringify({ metadata: {}, weight_map: weightMap })));
}

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

describe('a folder under a URL', () => {
  const serve = (answer: (url: string) => Response | Promise<Response>) =>
    vi.stubGlobal('fetch', async (url: string) => answer(url));
  afterEach(() => vi.unstubAllGlobals());

  it('fetches each file and reports how much has come', async () => {
    const files = await writeFolder(countingModel(TINY));
    serve((url) => {
      const bytes = files.get(url.replace('models/tiny/', ''));
      return bytes
        ? new Response(bytes.slice(), { headers: { 'content-length': String(bytes.length) } })
        : new Response('', { status: 404 });
    });
    const seen: [string, number, number][] = [];
    const model = await readFolder(urlSource('models/tiny/', (...progress) => seen.push(progress)));
    expect(await contents(model.tensors)).toEqual(await contents(countingModel(TINY).tensors));
    const size = files.get('model.safetensors')?.length;
    expect(seen.at(-1)).toEqual(['model.safetensors', size, size]);
  });

  /** A server of TINY's folder that gives ranges if asked for them, and keeps what it was asked. */
  async function serveRanges(change: (answer: Response, asked: Request) => Response = (answer) => answer) {
    const files = await writeFolder(countingModel(TINY));
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
      const request = new Request(`http://test/${url}`, init);
      const [start, end] = (/^bytes=(\d+)-(\d+)$/.exec(request.headers.get('range') ?? '') ?? []).slice(1).map(Number);
      const name = url.replace('m/', '');
      asked.push(`${request.method} ${name}${end === undefined ? '' : ` ${start}-${end}`}`);
      const bytes = files.get(name);
      if (!bytes) return new Response(null, { status: 404 });
      const answer = (part: Uint8Array, status: number, more = {}) => {
        const body = request.method === 'HEAD' ? null : part.slice();
        return new Response(body, { status, headers: { 'content-length': String(part.length), ...more } });
      };
      if (start === undefined || end === undefined) return change(answer(bytes, 200), request);
      const range = { 'content-range': `bytes ${start}-${end}/${bytes.length}` };
      return change(answer(bytes.subarray(start, end + 1), 206, range), request);
    });
    return { files, asked };
  }

  it('asks for ranges of the weights, and for small tensors together', async () => {
    const { asked, files } = await serveRanges();
    const seen: [string, number, number][] = [];
    const model = await readWhole(urlSource('m', (...progress) => seen.push(progress)));
    expect(await contents(model.tensors)).toEqual(await contents(countingModel(TINY).tensors));
    const size = files.get('model.safetensors')?.length as number;
    const weights = asked.filter((line) => line.includes('model.safetensors') && !line.includes('index'));
    expect(weights).toEqual(['HEAD model.safetensors', `GET model.safetensors 0-${size - 1}`]);
    expect(seen.at(-1)).toEqual(['model.safetensors', size, size]);
  });

  it('fetches a file whole, once, whose server does not tell its size', async () => {
    const { asked } = await serveRanges((answer) => {
      answer.headers.delete('content-length');
      return answer;
    });
    const model = await readWhole(urlSource('m'));
    expect(await contents(model.tensors)).toEqual(await contents(countingModel(TINY).tensors));
    expect(asked.filter((line) => line === 'GET model.safetensors')).toHaveLength(1);
  });

  it('says so where the server sends another part than was asked for', async () => {
    const { files } = await serveRanges((answer) => {
      if (answer.status === 206) answer.headers.set('content-range', 'bytes 8-9/10');
      return answer;
    });
    expect(files.size).toBeGreaterThan(0);
    await expect(readFolder(urlSource('m'))).rejects.toThrow('another part than was asked for');
  });

  it('takes 404 and a page served instead of the file for "no such file"', async () => {
    serve((url) =>
      url.endsWith('a')
        ? new Response('', { status: 404 })
        : new Response('<html>', { headers: { 'content-type': 'text/html; charset=utf-8' } }),
    );
    expect(await urlSource('m').read('a')).toBeUndefined();
    expect(await urlSource('m').read('b')).toBeUndefined();
  });

  it('names the file when the server or the network fails', async () => {
    serve(() => new Response('', { status: 503 }));
    await expect(urlSource('m').read('config.json')).rejects.toMatchObject({
      fault: 'unreadable_file',
      subject: 'config.json',
    });
    serve(() => Promise.reject(new TypeError('Failed to fetch')));
    await expect(urlSource('m').read('config.json')).rejects.toThrow(
      'm/config.json could not be fetched (Failed to fetch).',
    );
  });
});
