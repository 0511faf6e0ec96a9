// A folder with a module for further tokens, as DeepSeek's are, and what is near it.
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { contents, countingModel, tiny } from '../../testing/modelFolders';
import { parseSafetensors } from '../safetensors/safetensors';
import { writeSafetensors } from '../safetensors/writeSafetensors';
import { mapSource } from './fileSource';
import { directorySource } from './nodeDirectory';
import { readFolder } from './readFolder';
import { writeFolder } from './writeFolder';

const FIXTURE = fileURLToPath(new URL('../../testing/fixtures/mtp', import.meta.url));
const WITH = tiny({ num_nextn_predict_layers: 1 });

const files =
  (changes: { config?: object; drop?: RegExp } = {}) =>
  async () => {
    const written = new Map(await writeFolder(countingModel(WITH)));
    const json = JSON.parse(new TextDecoder().decode(written.get('config.json')));
    written.set('config.json', new TextEncoder().encode(JSON.stringify({ ...json, ...changes.config })));
    const { tensors } = parseSafetensors(written.get('model.safetensors') as Uint8Array, 'model');
    const kept = [...tensors].filter(([name]) => !changes.drop?.test(name));
    written.set('model.safetensors', writeSafetensors(new Map(kept)));
    return written;
  };

it('one that PyTorch wrote keeps its module, its names and the copies of what it shares', async () => {
  const read = await readFolder(directorySource(FIXTURE));
  expect(read.description.architecture.mtp?.feedForward.kind).toBe('experts');
  const written = await writeFolder(read);
  const { tensors } = parseSafetensors(written.get('model.safetensors') as Uint8Array, 'written');
  const { tensors: before } = parseSafetensors(
    (await directorySource(FIXTURE).read('model.safetensors')) as Uint8Array,
    'fixture',
  );
  expect([...tensors.keys()].sort()).toEqual([...before.keys()].sort());
  for (const [name, { bytes }] of before) expect(tensors.get(name)?.bytes, name).toEqual(bytes);
  expect(JSON.parse(new TextDecoder().decode(written.get('config.json')))).toMatchObject({
    num_nextn_predict_layers: 1,
  });
});

it('one whose config.json tells of a module that its weights do not have is a model without', async () => {
  const { description, tensors } = await readFolder(mapSource('none', await files({ drop: /layers\.1\./ })()));
  expect(description).toEqual(tiny());
  expect(await contents(tensors)).toEqual(await contents(countingModel(tiny()).tensors));
});

it('one whose config.json does not tell of the module that is there is a model without', async () => {
  for (const config of [{ num_nextn_predict_layers: 0 }, { num_nextn_predict_layers: null }])
    expect((await readFolder(mapSource('untold', await files({ config })()))).description).toEqual(tiny());
});

it('of several modules the first is the model’s', async () => {
  const config = { num_nextn_predict_layers: 3 };
  expect((await readFolder(mapSource('several', await files({ config })()))).description).toEqual(WITH);
});

it('a module that is not whole is refused by the name of what is missing', async () => {
  const folder = mapSource('part', await files({ drop: /hnorm/ })());
  await expect(readFolder(folder)).rejects.toMatchObject({
    fault: 'missing_tensor',
    message: expect.stringMatching(/hnorm/),
  });
});

it('a module without the copies of embedding and head is whole', async () => {
  const folder = mapSource('short', await files({ drop: /layers\.1\.(embed_tokens|shared_head\.head)/ })());
  expect((await readFolder(folder)).description).toEqual(WITH);
});
