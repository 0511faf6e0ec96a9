// A pipeline's store in memory.

import type { PipelineStore } from '../runs/pipelineStore';
import { createCheckpoints } from '../storage/checkpoints';
import { memorySlots } from '../storage/memorySlots';

export function memoryPipelineStore(): PipelineStore & { readonly files: ReadonlyMap<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  const states = createCheckpoints(memorySlots());
  return {
    name: 'memory',
    files,
    read: async (path) => files.get(path),
    write: async (path, bytes) => {
      files.set(path, bytes);
    },
    saveState: (stage, state) => states.saveCheckpoint(stage, state),
    loadState: (stage) => states.loadCheckpoint(stage),
    dropStatesAfter: (stage, step) => states.dropCheckpointsAfter(stage, step),
    clearState: (stage) => states.deleteCheckpoint(stage),
  };
}
