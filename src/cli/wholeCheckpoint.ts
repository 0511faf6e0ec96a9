// Reading a checkpoint back: of two slots one may be damaged, and that is said.
import type { Checkpoint, Checkpoints } from '../runs/store';
import { CheckpointDamagedError } from '../storage/errors';
import { UsageError } from './command';
import { note } from './console';

/**
 * The newest whole checkpoint; undefined if there is none. Throws UsageError where every one is damaged.
 * @param what whose it is, such as its folder. @param path where it lies. @param remedy what to do where nothing is whole.
 */
export async function loadWhole(
  checkpoints: Checkpoints,
  id: string,
  { what, path, remedy }: { readonly what: string; readonly path: string; readonly remedy: string },
): Promise<Checkpoint | undefined> {
  const checkpoint = await checkpoints.loadCheckpoint(id).catch((cause: unknown) => {
    if (!(cause instanceof CheckpointDamagedError)) throw cause;
    throw new UsageError(`${what} cannot be resumed: every checkpoint in it is damaged.`, remedy, { cause });
  });
  if (checkpoint && (await checkpoints.isOneDamaged(id)))
    note(`A checkpoint in ${path} is damaged; going on from the whole one, of step ${checkpoint.step}.`);
  return checkpoint;
}
