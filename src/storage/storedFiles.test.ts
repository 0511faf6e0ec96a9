import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StoredFiles } from '../runs/store';
import { StorageFullError } from './errors';
import { openStoredFiles } from './storedFiles';

const bytes = (...values: number[]) => new Uint8Array(values);

beforeEach(() => {
  globalThis.indexedDB = new IDBFactory();
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Where opening a database fails, as in a private window. */
function openInMemory(): Promise<StoredFiles> {
  vi.spyOn(indexedDB, 'open').mockImplementation(() => {
    throw new DOMException('no', 'SecurityError');
  });
  return openStoredFiles('pipelines');
}

describe.each([
  ['IndexedDB', () => openStoredFiles('pipelines')],
  ['memory', openInMemory],
])('files of pipelines in %s', (_, open) => {
  it('are read as they were written last, and missing ones are none', async () => {
    const files = await open();
    await files.write('r1', 'base/config.json', bytes(1));
    await files.write('r1', 'base/config.json', bytes(2, 3));
    expect(await files.read('r1', 'base/config.json')).toEqual(bytes(2, 3));
    expect(await files.read('r1', 'base')).toBeUndefined();
    expect(await files.read('r1-mini', 'base/config.json')).toBeUndefined();
  });

  it('are listed and deleted by pipeline, whatever the others are called', async () => {
    const files = await open();
    for (const name of ['r1', 'r1-mini', 'r1-zero', 'r']) await files.write(name, 'b', bytes(1));
    await files.write('r1', 'a/b', bytes(1));
    expect(await files.list('r1')).toEqual(['a/b', 'b']);
    await files.delete('r1');
    expect(await files.list('r1')).toEqual([]);
    for (const name of ['r1-mini', 'r1-zero', 'r']) expect(await files.list(name)).toEqual(['b']);
    expect(await files.names()).toEqual(['r', 'r1-mini', 'r1-zero']);
  });
});

it('a write for which there is no room says so, and leaves what was there', async () => {
  const files = await openStoredFiles('pipelines');
  await files.write('r1', 'a', bytes(1));
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError');
  });
  await expect(files.write('r1', 'a', bytes(2))).rejects.toThrow(StorageFullError);
  vi.restoreAllMocks();
  expect(await files.read('r1', 'a')).toEqual(bytes(1));
});

it('are there for the next page', async () => {
  await (await openStoredFiles('pipelines')).write('r1', 'a', bytes(7));
  expect(await (await openStoredFiles('pipelines')).read('r1', 'a')).toEqual(bytes(7));
});
