// The files of pipelines (checkpoints, sets, metrics, records) in IndexedDB, so that each is written whole or not at all. Where
// a browser offers none, in memory.
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { asStorageError } from './errors';

interface Schema extends DBSchema {
  files: { key: [pipeline: string, path: string]; value: Uint8Array };
}

export interface PipelineFiles {
  /** False: everything is gone with the page. */
  readonly isDurable: boolean;
  /** Undefined if there is no such file. */
  read(pipeline: string, path: string): Promise<Uint8Array | undefined>;
  /** Throws StorageFullError; what was there before is then still there. */
  write(pipeline: string, path: string, bytes: Uint8Array): Promise<void>;
  /** Of all pipelines that have a file. */
  names(): Promise<readonly string[]>;
  /** Paths of a pipeline's files. */
  list(pipeline: string): Promise<readonly string[]>;
  /** Deletes all files of a pipeline. */
  delete(pipeline: string): Promise<void>;
}

/** An array sorts after every string. */
const allOf = (pipeline: string) => IDBKeyRange.bound([pipeline], [pipeline, []]);

export async function openPipelineFiles(): Promise<PipelineFiles> {
  const connect = () =>
    openDB<Schema>('soliloquy-pipelines', 1, { upgrade: (database) => void database.createObjectStore('files') });
  try {
    (await connect()).close();
  } catch {
    return memoryPipelineFiles();
  }

  async function use<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    const database = await connect();
    try {
      return await work(database);
    } catch (error) {
      throw asStorageError(error, 'the pipeline');
    } finally {
      database.close();
    }
  }

  return {
    isDurable: true,
    read: (pipeline, path) => use((database) => database.get('files', [pipeline, path])),
    write: (pipeline, path, bytes) =>
      use(async (database) => {
        const transaction = database.transaction('files', 'readwrite', { durability: 'strict' });
        // Rejects as soon as the request fails, which may be before it is awaited below.
        transaction.done.catch(() => undefined);
        await transaction.store.put(bytes, [pipeline, path]);
        await transaction.done;
      }),
    names: () =>
      use(async (database) => [...new Set((await database.getAllKeys('files')).map(([pipeline]) => pipeline))]),
    list: (pipeline) =>
      use(async (database) => (await database.getAllKeys('files', allOf(pipeline))).map(([, path]) => path)),
    delete: (pipeline) => use((database) => database.delete('files', allOf(pipeline))),
  };
}

function memoryPipelineFiles(): PipelineFiles {
  const pipelines = new Map<string, Map<string, Uint8Array>>();
  return {
    isDurable: false,
    read: async (pipeline, path) => pipelines.get(pipeline)?.get(path),
    async write(pipeline, path, bytes) {
      pipelines.set(pipeline, (pipelines.get(pipeline) ?? new Map<string, Uint8Array>()).set(path, bytes));
    },
    names: async () => [...pipelines.keys()].sort(),
    list: async (pipeline) => [...(pipelines.get(pipeline)?.keys() ?? [])].sort(),
    async delete(pipeline) {
      pipelines.delete(pipeline);
    },
  };
}
