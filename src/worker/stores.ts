// Where the engine keeps what outlives the page: opened once, also where the browser offers no place that lasts.

import type { Kept } from '../protocol/protocol';
import type { Checkpoints, RunStore, StoredFiles } from '../runs/store';
import { createCheckpoints } from '../storage/checkpoints';
import { StorageUnavailableError } from '../storage/errors';
import { collectGarbage } from '../storage/garbage';
import { memorySlots } from '../storage/memorySlots';
import type { RunLocks } from '../storage/runLocks';
import { openRunStore } from '../storage/runs';
import type { SlotFolder } from '../storage/slotFile';
import { openStoredFiles } from '../storage/storedFiles';
import { lockOf } from './pipelineSession';
import { pipelineOfState } from './pipelineShelf';

export interface Stores {
  readonly runs: RunStore;
  readonly checkpoints: Checkpoints;
  /** Files of pipelines. */
  readonly files: StoredFiles;
  /** The models that runs started from. */
  readonly bases: StoredFiles;
  /** Models that the reader keeps. */
  readonly models: StoredFiles;
  /** The reader's own problems. */
  readonly problems: StoredFiles;
  readonly kept: Kept;
}

/** @param openSlots where checkpoints go: into memory where it throws StorageUnavailableError. */
export async function openStores(openSlots: () => Promise<SlotFolder>): Promise<Stores> {
  const runs = await openRunStore();
  const slots = await openSlots().catch((error: unknown) => {
    if (error instanceof StorageUnavailableError) return undefined;
    throw error;
  });
  const files = await openStoredFiles('pipelines');
  const bases = await openStoredFiles('bases');
  const models = await openStoredFiles('models');
  const problems = await openStoredFiles('problems');
  return {
    runs,
    checkpoints: createCheckpoints(slots ?? memorySlots()),
    files,
    bases,
    models,
    problems,
    kept: { records: runs.isDurable && files.isDurable, checkpoints: slots !== undefined },
  };
}

/** Deletes what belongs to no run and no pipeline. Without records that last, nothing is known to belong to nothing. */
export async function collectLeftovers({ runs, checkpoints, files, bases, kept }: Stores, locks: RunLocks) {
  if (!kept.records) return;
  const ofRun = (id: string) => ({ lock: id, exists: () => runs.hasRun(id) });
  const states = {
    ids: () => checkpoints.listCheckpoints(),
    delete: (id: string) => checkpoints.deleteCheckpoint(id),
  };
  await collectGarbage(states, locks, (id) => {
    const pipeline = pipelineOfState(id);
    if (pipeline === undefined) return ofRun(id);
    return { lock: lockOf(pipeline), exists: async () => (await files.list(pipeline)).length > 0 };
  });
  await collectGarbage({ ids: () => bases.names(), delete: (id) => bases.delete(id) }, locks, ofRun);
}
