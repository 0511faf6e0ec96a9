// The model that a run started from: stored once, beside the run's checkpoints, and read when it is asked for.
import { wholeFilesSource } from '../formats/huggingface/fileSource';
import type { ModelFolder } from '../formats/huggingface/folder';
import { readFolder } from '../formats/huggingface/readFolder';
import { writeFolder } from '../formats/huggingface/writeFolder';
import type { StoredFiles } from '../runs/store';

/** Throws StorageFullError. */
export async function storeBase(bases: StoredFiles, runId: string, base: ModelFolder): Promise<void> {
  for (const [file, bytes] of await writeFolder(base, {})) await bases.write(runId, file, bytes);
}

/** Throws ModelFolderError where it is not stored, or not whole. */
export function readBase(bases: StoredFiles, runId: string): Promise<ModelFolder> {
  return readFolder(wholeFilesSource('the model before this run', (file) => bases.read(runId, file)));
}
