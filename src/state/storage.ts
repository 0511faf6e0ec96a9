// What the browser promises of what is stored here: asked when the engine opens, and again as it fills.
import { create } from 'zustand';
import type { Kept } from '../protocol/protocol';
import type { Session } from './session';

export interface StorageState {
  /** Whether the browser promised to delete nothing by itself; undefined where it knows no such promise. */
  readonly isPersisted: boolean | undefined;
  /** Bytes that the browser still lets this page store; undefined where it does not say. */
  readonly freeBytes: number | undefined;
}

export type StorageNotice =
  /** Nothing outlives the page. */
  | 'nothingKept'
  /** Runs can be looked at later, but not gone on with. */
  | 'noCheckpoints'
  | 'nearlyFull'
  /** What is kept may go: a private window ends, or the browser makes room. */
  | 'noPromise';

/**
 * The bytes of a run on a model: of each of two checkpoints the weights as they are and were, and what the optimizer
 * remembers.
 */
export function bytesOfRun(modelBytes: number): number {
  return 2 * 5 * modelBytes;
}

/** The gravest thing to say of storage before a run on a model of this size; undefined where all is well. */
export function storageNotice(
  kept: Kept,
  { isPersisted, freeBytes }: StorageState,
  modelBytes: number,
): StorageNotice | undefined {
  if (!kept.records) return 'nothingKept';
  if (!kept.checkpoints) return 'noCheckpoints';
  if (freeBytes !== undefined && freeBytes < bytesOfRun(modelBytes)) return 'nearlyFull';
  return isPersisted === false ? 'noPromise' : undefined;
}

export class StorageWatch {
  readonly useStorage = create<StorageState>()(() => ({ isPersisted: undefined, freeBytes: undefined }));

  /** @param manager undefined on an insecure page and in an old browser: then nothing is known */
  constructor(
    private readonly session: Pick<Session, 'onEngineEvents'>,
    private readonly manager: StorageManager | undefined,
  ) {}

  /** Asks the browser how things stand. */
  lookAtStorage = async (): Promise<void> => {
    try {
      if (this.manager) await this.#look(this.manager);
    } catch {
      // It refuses to say.
    }
  };

  /** Looks now and after every checkpoint, and asks for the promise once there is a run worth keeping. */
  watchStorage = (): void => {
    void this.lookAtStorage();
    let isAsked = false;
    this.session.onEngineEvents((batch) => {
      if (!isAsked && batch.some((event) => event.type === 'runChanged' && event.run.status === 'running')) {
        isAsked = true;
        void this.#askToKeep();
      } else if (batch.some((event) => event.type === 'checkpointSaved')) void this.lookAtStorage();
    });
  };

  async #look(manager: StorageManager): Promise<void> {
    const [isPersisted, { quota, usage }] = await Promise.all([manager.persisted(), manager.estimate()]);
    const freeBytes = quota === undefined || usage === undefined ? undefined : Math.max(0, quota - usage);
    this.useStorage.setState({ isPersisted, freeBytes });
  }

  /** Asks the browser to promise that it keeps what is stored. Some ask the reader; some decide by themselves. */
  async #askToKeep(): Promise<void> {
    try {
      await this.manager?.persist();
    } catch {
      // It knows no such promise; what it says of what is stored already stays.
    }
    await this.lookAtStorage();
  }
}
