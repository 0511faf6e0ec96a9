// What the browser promises of what is stored here: asked when the engine opens, and again as it fills.
import { create } from 'zustand';
import type { Kept } from '../worker/protocol';
import { onEngineEvents } from './session';

export interface StorageState {
  /** Whether the browser promised to delete nothing by itself; undefined where it knows no such promise. */
  readonly isPersisted: boolean | undefined;
  /** Bytes that the browser still lets this page store; undefined where it does not say. */
  readonly freeBytes: number | undefined;
}

export const useStorage = create<StorageState>()(() => ({ isPersisted: undefined, freeBytes: undefined }));

async function look(manager: StorageManager): Promise<void> {
  const [isPersisted, { quota, usage }] = await Promise.all([manager.persisted(), manager.estimate()]);
  const freeBytes = quota === undefined || usage === undefined ? undefined : Math.max(0, quota - usage);
  useStorage.setState({ isPersisted, freeBytes });
}

/** Asks the browser how things stand. Without StorageManager (an insecure page, an old browser) nothing is known. */
export async function lookAtStorage(): Promise<void> {
  const { storage } = navigator as { readonly storage?: StorageManager };
  if (storage) await look(storage).catch(() => undefined);
}

/** Asks the browser to promise that it keeps what is stored. Some ask the reader; some decide by themselves. */
async function askToKeep(): Promise<void> {
  try {
    await navigator.storage.persist();
  } catch {
    // It knows no such promise; what it says of what is stored already stays.
  }
  await lookAtStorage();
}

/** Looks now and after every checkpoint, and asks for the promise once there is a run worth keeping. */
export function watchStorage(): void {
  void lookAtStorage();
  let isAsked = false;
  onEngineEvents((batch) => {
    if (!isAsked && batch.some((event) => event.type === 'runChanged' && event.run.status === 'running')) {
      isAsked = true;
      void askToKeep();
    } else if (batch.some((event) => event.type === 'checkpointSaved')) void lookAtStorage();
  });
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
