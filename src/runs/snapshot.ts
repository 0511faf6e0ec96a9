// The state of a stage under way, in and out of bytes: its model's files, and what its trainer remembers.
import * as v from 'valibot';
import { mapSource } from '../formats/huggingface/fileSource';
import type { ModelFolder } from '../formats/huggingface/folder';
import { readFolder } from '../formats/huggingface/readFolder';
import type { FolderFiles } from '../formats/huggingface/writeFolder';
import type { TrainingMemory } from '../trainer/training';
import type { StageState } from './pipelineStore';

const metaSchema = v.object({
  version: v.literal(1),
  seconds: v.number(),
  files: v.array(v.string()),
  arrays: v.array(v.string()),
  memory: v.unknown(),
});

export interface SavedStage {
  readonly step: number;
  /** Wall time of the stage so far. */
  readonly seconds: number;
  readonly memory: TrainingMemory;
}

/** @param files of the model as it is now; none where the stage trains none. */
export function packState({ step, seconds, memory }: SavedStage, files: FolderFiles): StageState {
  const meta: v.InferOutput<typeof metaSchema> = {
    version: 1,
    seconds,
    files: [...files.keys()],
    arrays: Object.keys(memory.arrays),
    memory: memory.meta,
  };
  const arrays = Object.values(memory.arrays).map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  return { step, meta, payload: [...files.values(), ...arrays] };
}

/** Throws valibot's ValiError, or what reading a model folder throws, where it is not such a state. */
export async function unpackState(
  stage: string,
  { step, meta, payload }: StageState,
): Promise<SavedStage & { readonly model: ModelFolder | undefined }> {
  const { seconds, files, arrays, memory } = v.parse(metaSchema, meta);
  const contents = new Map(files.map((name, i) => [name, payload[i] as Uint8Array]));
  const floats = arrays.map((name, i) => {
    const bytes = payload[files.length + i] as Uint8Array;
    return [name, new Float32Array(bytes.slice().buffer)] as const;
  });
  return {
    step,
    seconds,
    memory: { meta: memory, arrays: Object.fromEntries(floats) },
    model: files.length > 0 ? await readFolder(mapSource(stage, contents)) : undefined,
  };
}
