import { beforeEach, expect, it, vi } from 'vitest';
import { StorageFullError } from '../storage/errors';
import { memoryStoredFiles } from '../storage/storedFiles';
import { ModelShelf } from './modelShelf';

const FOLDER = new Map([
  ['config.json', new TextEncoder().encode('{}')],
  ['README.md', new TextEncoder().encode('---\n---\n# mine')],
]);

let files = memoryStoredFiles();
const openShelf = () => new ModelShelf(files, async () => ['base']);
beforeEach(() => {
  files = memoryStoredFiles();
});

it('a kept model is there again, whole, under a name that no other has', async () => {
  const first = await openShelf().keep('base', FOLDER);
  expect(first.name).toBe('base 2');
  const second = await openShelf().keep('base 2', FOLDER);
  expect(second).toMatchObject({ name: 'base 2 2', sizeBytes: 16, readme: '---\n---\n# mine' });
  expect((await openShelf().list()).map(({ name }) => name).sort()).toEqual(['base 2', 'base 2 2']);
  const source = await openShelf().source(first.id);
  expect(source.name).toBe('base 2');
  expect(await source.read('config.json')).toEqual(FOLDER.get('config.json'));
  expect(await source.read('kept.json')).toBeUndefined();
});

it('can be renamed and deleted', async () => {
  const { id } = await openShelf().keep('mine', FOLDER);
  expect((await openShelf().rename(id, ' best ')).name).toBe('best');
  expect((await openShelf().rename(id, 'best')).name).toBe('best');
  await openShelf().delete(id);
  expect(await openShelf().list()).toEqual([]);
  await expect(openShelf().source(id)).rejects.toThrow(/not kept here/);
});

it('where the storage is full nothing of it is kept', async () => {
  const write = vi.spyOn(files, 'write').mockImplementationOnce(files.write.bind(files));
  write.mockRejectedValueOnce(new StorageFullError('the model'));
  await expect(openShelf().keep('mine', FOLDER)).rejects.toThrow(StorageFullError);
  expect(await files.names()).toEqual([]);
});
