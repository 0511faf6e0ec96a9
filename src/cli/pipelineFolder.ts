// A pipeline's store on disk: a folder for each checkpoint, pipeline.json beside them.
import { existsSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeDirectory } from '../formats/huggingface/nodeDirectory';
import { cliCommand } from '../lib/shell';
import type { Pipeline } from '../runs/pipeline';
import type { PipelineStore } from '../runs/pipelineStore';
import { createCheckpoints } from '../storage/checkpoints';
import { nodeSlots } from '../storage/nodeSlots';
import { UsageError } from './command';
import { note } from './console';
import { orDiskFull, sizeOf } from './diskFull';
import { checkOutputFolder } from './files';
import { holdFolder } from './folderLock';
import { refuseToLose } from './runFolder';
import { loadWhole } from './wholeCheckpoint';

/** What it is and how far it has come. */
const RECORD_FILE = 'pipeline.json';

/** Below the pipeline's folder; there only while a stage is under way. */
const STATE_FOLDER = 'state';

/**
 * Takes a folder for a new pipeline. Throws UsageError when it cannot be made, another process writes to it, or it
 * holds a pipeline, a run or anything that the pipeline would write over.
 */
export function claimPipelineFolder(path: string, { inputs, stages }: Pipeline): void {
  checkOutputFolder(path);
  holdFolder(path);
  if (existsSync(join(path, RECORD_FILE))) {
    throw new UsageError(
      `${path} holds a pipeline already.`,
      `Go on with it by --resume ${path}, or choose another folder.`,
    );
  }
  const made = stages.map(({ name }) => name);
  refuseToLose(path, [...inputs, ...made, STATE_FOLDER, 'model.safetensors', 'checkpoint']);
}

/** Takes the folder of a pipeline that was begun. Throws UsageError where there is none, or another process writes to it. */
export function holdPipelineFolder(path: string): void {
  if (!existsSync(join(path, RECORD_FILE))) {
    throw new UsageError(
      `${path} cannot be resumed: there is no pipeline.json in it.`,
      'Give the --out folder of a pipeline that was stopped.',
    );
  }
  holdFolder(path);
}

/** Deletes the inputs of a pipeline that could not be begun, so that it can be begun again in the same folder. */
export function forgetInputs(path: string, { inputs }: Pipeline): void {
  if (existsSync(join(path, RECORD_FILE))) return;
  for (const name of inputs) rmSync(join(path, name), { recursive: true, force: true });
}

export function pipelineFolder(path: string): PipelineStore {
  const states = createCheckpoints(nodeSlots(join(path, STATE_FOLDER)));
  const orFull = <T>(what: string, parts: Iterable<Uint8Array>, write: () => Promise<T>): Promise<T> => {
    const resume = `Then go on with: ${cliCommand('pipeline', '--resume', path)}`;
    const isBegun = existsSync(join(path, RECORD_FILE));
    const goOn = isBegun ? resume : 'Then begin the pipeline again, or do so in a folder on another disk.';
    return orDiskFull({ folder: path, what, sizeBytes: sizeOf(parts), goOn }, write);
  };
  return {
    name: path,
    async read(file) {
      try {
        return new Uint8Array(await readFile(join(path, file)));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async write(file, bytes) {
      const full = join(path, file);
      await orFull(file, [bytes], () => writeDirectory(dirname(full), new Map([[full, bytes]])));
    },
    saveState: (stage, state) =>
      orFull(`the state of ${stage}`, state.payload, () => states.saveCheckpoint(stage, state)),
    async loadState(stage) {
      const place = join(path, STATE_FOLDER, stage);
      const what = `Stage ${stage} of ${path}`;
      const remedy =
        `Delete ${place} to train the stage from its beginning, then go on with: ` +
        `${cliCommand('pipeline', '--resume', path)}`;
      const state = await loadWhole(states, stage, { what, path: place, remedy });
      if (!state && existsSync(place)) note(`What is left in ${place} is empty: ${stage} begins anew.`);
      return state;
    },
    dropStatesAfter: (stage, step) => states.dropCheckpointsAfter(stage, step),
    async clearState(stage) {
      await states.deleteCheckpoint(stage);
      if ((await states.listCheckpoints()).length === 0)
        rmSync(join(path, STATE_FOLDER), { recursive: true, force: true });
    },
  };
}
