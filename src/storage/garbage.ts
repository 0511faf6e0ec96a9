// What belongs to nothing any more, such as a deletion leaves that was cut off in its midst: checkpoints, and models that runs
// started from. Collected when the page opens, while other tabs may be at work.
import { CheckpointInUseError } from './errors';
import type { RunLocks } from './runLocks';

/** Things that are kept under ids. */
export interface Collection {
  ids(): Promise<readonly string[]>;
  delete(id: string): Promise<void>;
}

/** What such a thing belongs to. */
export interface Owner {
  /** Held by whoever may write the thing. */
  readonly lock: string;
  /** Whether it is there, as read now. Rejects where that cannot be known; then nothing is deleted. */
  exists(): Promise<boolean>;
}

/**
 * Deletes everything without an owner, each under its owner's lock and only if there is still none then: a run
 * that another tab starts meanwhile has its lock before it has anything else. Returns the ids.
 */
export async function collectGarbage(
  collection: Collection,
  locks: RunLocks,
  ownerOf: (id: string) => Owner,
): Promise<readonly string[]> {
  const taken = await locks.listTaken();
  const deleted: string[] = [];
  for (const id of await collection.ids()) {
    const { lock, exists } = ownerOf(id);
    if (taken.has(lock) || (await exists())) continue;
    const release = await locks.take(lock);
    if (release === undefined) continue;
    try {
      if (await exists()) continue;
      await collection.delete(id);
      deleted.push(id);
    } catch (error) {
      // Somebody reads it: the next opening tries again.
      if (!(error instanceof CheckpointInUseError)) throw error;
    } finally {
      release();
    }
  }
  return deleted;
}
