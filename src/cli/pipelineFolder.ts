// A pipeline's store on disk: a folder for each checkpoint, pipeline.json beside them.
import { rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeDirectory } from '../formats/huggingface/nodeDirectory';
import { createCheckpoints } from '../storage/checkpoints';
import { nodeSlots } from '../storage/nodeSlots';
import type { PipelineStore } from '../trainer/pipeline/store';

/** Below the pipeline's folder; there only while a stage is under way. */
const STATE_FOLDER = 'state';

export function pipelineFolder(path: string): PipelineStore {
  const states = createCheckpoints(nodeSlots(join(path, STATE_FOLDER)));
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
      await writeDirectory(dirname(full), new Map([[full, bytes]]));
    },
    saveState: (stage, state) => states.saveCheckpoint(stage, state),
    loadState: (stage) => states.loadCheckpoint(stage),
    dropStatesAfter: (stage, step) => states.dropCheckpointsAfter(stage, step),
    async clearState(stage) {
      await states.deleteCheckpoint(stage);
      if ((await states.listCheckpoints()).length === 0)
        rmSync(join(path, STATE_FOLDER), { recursive: true, force: true });
    },
  };
}
