// The pipelines of this browser: their files in IndexedDB, the state of a stage under way in the two slots that runs have.

import type { PipelineStore } from '../runs/pipelineStore';
import type { Checkpoints, StoredFiles } from '../runs/store';

export interface PipelineShelf {
  /** Of the pipelines that anything is kept of. */
  names(): Promise<readonly string[]>;
  /** Where the pipeline of a name is kept. */
  storeOf(pipeline: string): PipelineStore;
  /** What was made of a name: its files by theirs; none if there is no such checkpoint or set. */
  filesOf(pipeline: string, checkpoint: string): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Deletes all that is kept of a pipeline. */
  delete(pipeline: string): Promise<void>;
}

/** Names of pipelines and stages have no underscore, so no two states share an id, nor any with a run. */
const statePrefix = (pipeline: string) => `pipeline_${pipeline}_`;

/** The pipeline to whose state a checkpoint belongs; undefined where it is a run's. */
export const pipelineOfState = (checkpointId: string) => /^pipeline_([^_]+)_/.exec(checkpointId)?.[1];

export function createPipelineShelf(files: StoredFiles, checkpoints: Checkpoints): PipelineShelf {
  return {
    names: () => files.names(),
    storeOf: (pipeline) => {
      const idOf = (stage: string) => `${statePrefix(pipeline)}${stage}`;
      return {
        name: pipeline,
        read: (path) => files.read(pipeline, path),
        write: (path, bytes) => files.write(pipeline, path, bytes),
        saveState: (stage, state) => checkpoints.saveCheckpoint(idOf(stage), state),
        loadState: (stage) => checkpoints.loadCheckpoint(idOf(stage)),
        dropStatesAfter: (stage, step) => checkpoints.dropCheckpointsAfter(idOf(stage), step),
        clearState: (stage) => checkpoints.deleteCheckpoint(idOf(stage)),
      };
    },
    async filesOf(pipeline, checkpoint) {
      const prefix = `${checkpoint}/`;
      const found = new Map<string, Uint8Array>();
      for (const path of await files.list(pipeline)) {
        const bytes = path.startsWith(prefix) ? await files.read(pipeline, path) : undefined;
        if (bytes) found.set(path.slice(prefix.length), bytes);
      }
      return found;
    },
    async delete(pipeline) {
      // The record first: without it there is no pipeline, whatever else may still lie there.
      await files.delete(pipeline);
      for (const id of await checkpoints.listCheckpoints()) {
        if (id.startsWith(statePrefix(pipeline))) await checkpoints.deleteCheckpoint(id);
      }
    },
  };
}
