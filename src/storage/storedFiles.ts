// Whole files in IndexedDB: those of pipelines (checkpoints, sets, metrics, records), the models that runs start from, and the
// reader's own problems. Each is written whole or not at all. Where a browser offers no IndexedDB they are in memory.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { StoredFiles } from '../runs/store';
import { asStorageError } from './errors';

interface Schema extends DBSchema {
  files: { key: [owner: string, path: string]; value: Uint8Array };
}

/** An array sorts after every string. */
const allOf = (owner: string) => IDBKeyRange.bound([owner], [owner, []]);

/** What files belong to: a database each. */
const DATABASES = {
  pipelines: { name: 'soliloquy-pipelines', what: 'the pipeline' },
  bases: { name: 'soliloquy-bases', what: 'the model that the run starts from' },
  models: { name: 'soliloquy-models', what: 'the model' },
  maps: { name: 'soliloquy-maps', what: 'the map of what the model knows' },
  problems: { name: 'soliloquy-problems', what: 'the problems' },
} as const;

/** Opens the files of one kind. */
export async function openStoredFiles(of: keyof typeof DATABASES): Promise<StoredFiles> {
  const { name, what } = DATABASES[of];
  const connect = () => openDB<Schema>(name, 1, { upgrade: (database) => void database.createObjectStore('files') });
  try {
    (await connect()).close();
  } catch {
    return memoryStoredFiles();
  }

  async function use<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    const database = await connect();
    try {
      return await work(database);
    } catch (error) {
      throw asStorageError(error, what);
    } finally {
      database.close();
    }
  }

  return {
    isDurable: true,
    read: (owner, path) => use((database) => database.get('files', [owner, path])),
    write: (owner, path, bytes) =>
      use(async (database) => {
        const transaction = database.transaction('files', 'readwrite', { durability: 'strict' });
        // Rejects as soon as the request fails, which may be before it is awaited below.
        transaction.done.catch(() => undefined);
        await transaction.store.put(bytes, [owner, path]);
        await transaction.done;
      }),
    names: () => use(async (database) => [...new Set((await database.getAllKeys('files')).map(([owner]) => owner))]),
    list: (owner) =>
      use(async (database) => (await database.getAllKeys('files', allOf(owner))).map(([, path]) => path)),
    delete: (owner) => use((database) => database.delete('files', allOf(owner))),
  };
}

/** Files in memory, gone with the page. */
export function memoryStoredFiles(): StoredFiles {
  const owners = new Map<string, Map<string, Uint8Array>>();
  return {
    isDurable: false,
    read: async (owner, path) => owners.get(owner)?.get(path),
    async write(owner, path, bytes) {
      owners.set(owner, (owners.get(owner) ?? new Map<string, Uint8Array>()).set(path, bytes));
    },
    names: async () => [...owners.keys()].sort(),
    list: async (owner) => [...(owners.get(owner)?.keys() ?? [])].sort(),
    async delete(owner) {
      owners.delete(owner);
    },
  };
}
