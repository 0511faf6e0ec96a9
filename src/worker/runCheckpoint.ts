// What a checkpoint of a run holds, in and out of bytes: the model as it is and as it was, and the trainer's memory.
import * as v from 'valibot';
import type { ModelFolder } from '../formats/huggingface/folder';
import { readFolder } from '../formats/huggingface/readFolder';
import { writeFolder } from '../formats/huggingface/writeFolder';
import { unzipSource, zipFolder } from '../formats/huggingface/zipSource';
import type { Checkpoint } from '../runs/store';
import type { GrpoSnapshot } from '../trainer/grpo';

const metaSchema = v.object({
  version: v.literal(1),
  step: v.number(),
  optimizerSteps: v.number(),
  numTokens: v.number(),
  hasReference: v.boolean(),
});

export interface RunCheckpoint {
  readonly model: ModelFolder;
  /** The model that the run started from. */
  readonly base: ModelFolder;
  readonly trainer: GrpoSnapshot;
}

function bytesOf(data: Float32Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}

export async function packRunCheckpoint({ model, base, trainer }: RunCheckpoint): Promise<Checkpoint> {
  const { step, optimizerSteps, numTokens, optimizer, reference } = trainer;
  const meta: v.InferOutput<typeof metaSchema> = {
    version: 1,
    step,
    optimizerSteps,
    numTokens,
    hasReference: reference !== undefined,
  };
  const payload = [
    zipFolder(await writeFolder(model, {})),
    zipFolder(await writeFolder(base, {})),
    bytesOf(optimizer.firstMoment),
    bytesOf(optimizer.secondMoment),
    bytesOf(optimizer.state),
    ...(reference ? [bytesOf(reference)] : []),
  ];
  return { step, meta, payload };
}

/** Throws valibot's ValiError or a checkpoint layer's error when the checkpoint is not one of a run. */
export async function unpackRunCheckpoint(checkpoint: Checkpoint): Promise<RunCheckpoint> {
  const meta = v.parse(metaSchema, checkpoint.meta);
  const [model, base, firstMoment, secondMoment, state, reference] = checkpoint.payload as Uint8Array[];
  const folder = (bytes: Uint8Array | undefined) => readFolder(unzipSource('checkpoint', bytes ?? new Uint8Array()));
  return {
    model: await folder(model),
    base: await folder(base),
    trainer: {
      step: meta.step,
      optimizerSteps: meta.optimizerSteps,
      numTokens: meta.numTokens,
      optimizer: {
        firstMoment: floatsOf(firstMoment ?? new Uint8Array()),
        secondMoment: floatsOf(secondMoment ?? new Uint8Array()),
        state: floatsOf(state ?? new Uint8Array()),
      },
      reference: meta.hasReference && reference ? floatsOf(reference) : undefined,
    },
  };
}
