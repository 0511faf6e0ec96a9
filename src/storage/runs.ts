// Runs, their metrics and their rollouts, in IndexedDB. Where a browser offers none, the same in memory, which says so.
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import type { RolloutGroup, StepMetrics } from '../runs/run';
import { findRunRecord } from '../runs/runRecord';
import type { RunStore } from '../runs/store';
import { asStorageError, StoreReplacedError } from './errors';
import { memoryRunStore } from './memoryRuns';

interface Schema extends DBSchema {
  runs: { key: string; value: unknown };
  steps: { key: [runId: string, step: number]; value: StepMetrics };
  rollouts: { key: [runId: string, step: number, index: number]; value: RolloutGroup };
}

type Change = IDBPTransaction<Schema, ('runs' | 'steps' | 'rollouts')[], 'readwrite'>;

const NAME = 'soliloquy';
const VERSION = 1;

/** Keys of a run's steps (and the groups within them) from `firstStep` on; an array sorts after every number. */
function keysOf(runId: string, firstStep = Number.NEGATIVE_INFINITY, lastStep: number | [] = []): IDBKeyRange {
  return IDBKeyRange.bound([runId, firstStep], [runId, lastStep, []]);
}

/** Opens the database; `onClosed` is called if it closes by itself. */
function connect(onClosed: () => void): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>(NAME, VERSION, {
    upgrade(database, oldVersion) {
      if (oldVersion < 1) {
        database.createObjectStore('runs');
        database.createObjectStore('steps');
        database.createObjectStore('rollouts');
      }
    },
    // A newer version of the page, in another tab, waits for this one to let go.
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      onClosed();
    },
    terminated: onClosed,
  });
}

/**
 * Opens the runs of this browser. Never fails: where IndexedDB cannot be used (a private window, storage switched off) the
 * store lives in memory and its `isDurable` is false. Writing throws StorageFullError when there is no room, and any call
 * throws StoreReplacedError after a newer version of the page took the database over.
 */
export async function openRunStore(): Promise<RunStore> {
  const database = new Database();
  try {
    await database.open();
  } catch {
    return memoryRunStore();
  }
  return runStoreIn(database);
}

/** The database, opened again if the browser closed it. */
class Database {
  #connection: Promise<IDBPDatabase<Schema>> | undefined;

  open(): Promise<IDBPDatabase<Schema>> {
    this.#connection ??= connect(() => {
      this.#connection = undefined;
    });
    return this.#connection;
  }

  close(): void {
    void this.#connection?.then((database) => database.close());
    this.#connection = undefined;
  }

  /** Does one piece of work, and names what went wrong. */
  async use<T>(work: (database: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    try {
      return await work(await this.open());
    } catch (error) {
      if (error instanceof DOMException && error.name === 'VersionError')
        throw new StoreReplacedError({ cause: error });
      throw asStorageError(error, 'the run');
    }
  }

  /** Makes changes to the stores as one: all of them happen or none. */
  change(work: (transaction: Change) => Promise<unknown>): Promise<void> {
    return this.use(async (database) => {
      const transaction = database.transaction(['runs', 'steps', 'rollouts'], 'readwrite');
      // Rejects as soon as any request fails, which may be before it is awaited below.
      transaction.done.catch(() => undefined);
      try {
        await work(transaction);
      } catch (error) {
        // A request that throws at once, such as one for a value that cannot be stored, does not abort by itself.
        if (transaction.error === null) transaction.abort();
        throw error;
      }
      await transaction.done;
    });
  }
}

function runStoreIn(database: Database): RunStore {
  return {
    isDurable: true,

    listRuns: () =>
      database.use(async (opened) => {
        const runs = (await opened.getAll('runs')).map(findRunRecord).filter((run) => run !== undefined);
        return runs.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
      }),

    findRun: (runId) => database.use(async (opened) => findRunRecord(await opened.get('runs', runId))),

    hasRun: (runId) => database.use(async (opened) => (await opened.count('runs', runId)) > 0),

    putRun: (run) => database.change((transaction) => transaction.objectStore('runs').put(run, run.id)),

    addRun: (run, added) =>
      database.change(async (transaction) => {
        const [steps, rollouts] = [transaction.objectStore('steps'), transaction.objectStore('rollouts')];
        await transaction.objectStore('runs').put(run, run.id);
        for (const { metrics, groups } of added) {
          await steps.put(metrics, [run.id, metrics.step]);
          for (const group of groups) await rollouts.put(group, [run.id, group.step, group.index]);
        }
      }),

    appendStep: (run, step, groups) =>
      database.change(async (transaction) => {
        const rollouts = transaction.objectStore('rollouts');
        await transaction.objectStore('runs').put(run, run.id);
        await transaction.objectStore('steps').put(step, [run.id, step.step]);
        await rollouts.delete(keysOf(run.id, step.step, step.step));
        for (const group of groups) await rollouts.put(group, [run.id, step.step, group.index]);
      }),

    listSteps: (runId) => database.use((opened) => opened.getAll('steps', keysOf(runId))),

    listRollouts: (runId, step) => database.use((opened) => opened.getAll('rollouts', keysOf(runId, step, step))),

    dropStepsAfter: (runId, step) =>
      database.change(async (transaction) => {
        const dropped = IDBKeyRange.bound([runId, step, []], [runId, []], true);
        await transaction.objectStore('steps').delete(dropped);
        await transaction.objectStore('rollouts').delete(dropped);
      }),

    deleteRun: (runId) =>
      database.change(async (transaction) => {
        await transaction.objectStore('runs').delete(runId);
        await transaction.objectStore('steps').delete(keysOf(runId));
        await transaction.objectStore('rollouts').delete(keysOf(runId));
      }),

    close: () => database.close(),
  };
}
