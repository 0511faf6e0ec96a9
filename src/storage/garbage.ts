// Checkpoints that belong to nothing any more, such as a deletion leaves that was cut off in its midst: collected when the page
// opens, while other tabs may be at work.
import type { Checkpoints } from '../runs/store';
import { CheckpointInUseError } from './errors';
import type { RunLocks } from './runLocks';

/** What a checkpoint belongs to. */
export interface CheckpointOwner {
  /** Held by whoever may write the checkpoint. */
  readonly lock: string;
  /** Whether it is there, as read now. Rejects where that cannot be known; then nothing is deleted. */
  exists(): Promise<boolean>;
}

/**
 * Deletes every checkpoint without an owner, each under its owner's lock and only if there is still none then: a run
 * that another tab starts meanwhile has its lock before it has a checkpoint. Returns the ids.
 */
export async function collectGarbage(
  checkpoints: Checkpoints,
  locks: RunLocks,
  ownerOf: (checkpointId: string) => CheckpointOwner,
): Promise<readonly string[]> {
  const taken = await locks.listTaken();
  const deleted: string[] = [];
  for (const id of await checkpoints.listCheckpoints()) {
    const { lock, exists } = ownerOf(id);
    if (taken.has(lock) || (await exists())) continue;
    const giveBack = await locks.take(lock);
    if (giveBack === undefined) continue;
    try {
      if (await exists()) continue;
      await checkpoints.deleteCheckpoint(id);
      deleted.push(id);
    } catch (error) {
      // Somebody reads it: the next opening tries again.
      if (!(error instanceof CheckpointInUseError)) throw error;
    } finally {
      giveBack();
    }
  }
  return deleted;
}
