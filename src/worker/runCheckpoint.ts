// A run's checkpoint as it is read again: a snapshot, also where an earlier version of the page wrote it.
import * as v from 'valibot';
import type { FileSource } from '../formats/huggingface/fileSource';
import type { ModelFolder } from '../formats/huggingface/folder';
import { readFolder } from '../formats/huggingface/readFolder';
import { unzipSource } from '../formats/huggingface/zipSource';
import { type Snapshot, unpackSnapshot } from '../runs/snapshot';
import type { Checkpoint } from '../runs/store';

/** Version 1 had the model and the one it started from as zips, then what the trainer remembers. */
const version1Schema = v.object({
  version: v.literal(1),
  step: v.number(),
  optimizerSteps: v.number(),
  numTokens: v.number(),
  hasReference: v.boolean(),
});

export interface RunSnapshot extends Snapshot {
  readonly model: ModelFolder;
  readonly source: FileSource;
  /** The model that the run started from, where the checkpoint has it: those of version 1 have. */
  readonly base?: ModelFolder;
}

function floatsOf(bytes: Uint8Array | undefined): Float32Array {
  return new Float32Array((bytes ?? new Uint8Array()).slice().buffer);
}

/** Throws valibot's ValiError, or what reading a model folder throws, where the checkpoint is not one of a run. */
export async function unpackRunCheckpoint(name: string, checkpoint: Checkpoint): Promise<RunSnapshot> {
  const old = v.safeParse(version1Schema, checkpoint.meta);
  if (!old.success) {
    const { model, source, ...rest } = await unpackSnapshot(name, checkpoint);
    if (!model || !source) throw new Error(`the checkpoint of ${name} has no model`);
    return { ...rest, model, source };
  }
  const { step, optimizerSteps, numTokens, hasReference } = old.output;
  const [zip, base, firstMoment, secondMoment, state, reference] = checkpoint.payload;
  const source = unzipSource(name, zip ?? new Uint8Array());
  const arrays = {
    firstMoment: floatsOf(firstMoment),
    secondMoment: floatsOf(secondMoment),
    state: floatsOf(state),
    ...(hasReference && { reference: floatsOf(reference) }),
  };
  return {
    step,
    seconds: 0,
    memory: { meta: { step, optimizerSteps, numTokens }, arrays },
    source,
    model: await readFolder(source),
    devices: [],
    about: undefined,
    base: await readFolder(unzipSource(name, base ?? new Uint8Array())),
  };
}
