// The state of a training in and out of a checkpoint's bytes: its model's files, what its trainer remembers, and what whoever
// keeps it writes beside them. One form for runs of the page, stages of pipelines and commands.
import * as v from 'valibot';
import { type FileSource, mapSource } from '../formats/huggingface/fileSource';
import type { ModelFolder } from '../formats/huggingface/folder';
import { readFolder } from '../formats/huggingface/readFolder';
import type { FolderFiles } from '../formats/huggingface/writeFolder';
import { type DeviceStretch, stretchesSchema } from './devices';
import type { TrainingState } from './driver';
import type { Checkpoint } from './store';

const contents = { seconds: v.number(), files: v.array(v.string()), arrays: v.array(v.string()) };
// JSON has null for a number that is not finite.
const figures = v.record(v.string(), v.fallback(v.number(), Number.NaN));

const metaSchema = v.object({
  version: v.literal(2),
  ...contents,
  memory: v.unknown(),
  unmeasured: v.optional(figures),
  devices: v.optional(stretchesSchema, []),
  about: v.optional(v.unknown()),
});
type Meta = v.InferOutput<typeof metaSchema>;

/** Version 1 of a stage's state. */
const stageMetaSchema = v.object({ version: v.literal(1), ...contents, memory: v.unknown() });

/** Version 1 of a command's: the trainer's memory was among the counters. */
const commandMetaSchema = v.object({
  version: v.literal(1),
  ...contents,
  seconds: v.optional(v.number()),
  kind: v.string(),
  settings: v.unknown(),
  counters: v.record(v.string(), v.number()),
  changes: v.optional(v.unknown()),
  unlogged: v.optional(figures),
});

export interface Snapshot extends TrainingState {
  /** The model as it was then; undefined where none is trained. */
  readonly model: ModelFolder | undefined;
  /** Its files. */
  readonly source: FileSource | undefined;
  /** What it was made on; none in a snapshot of an earlier version. */
  readonly devices: readonly DeviceStretch[];
  /** What whoever keeps it wrote: plain JSON, checked by whoever reads it. */
  readonly about: unknown;
}

/** @param files of the model as it is now; none where none is trained. @param about plain JSON. */
export function packSnapshot(
  state: TrainingState,
  files: FolderFiles,
  devices: readonly DeviceStretch[],
  about?: unknown,
): Checkpoint {
  const { step, seconds, memory, unmeasured } = state;
  const meta: Meta = {
    version: 2,
    seconds,
    files: [...files.keys()],
    arrays: Object.keys(memory.arrays),
    memory: memory.meta,
    ...(unmeasured && { unmeasured: { ...unmeasured } }),
    devices: [...devices],
    about,
  };
  const arrays = Object.values(memory.arrays).map(
    ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
  );
  return { step, meta, payload: [...files.values(), ...arrays] };
}

/**
 * @param name of the model, for what is wrong with it. Throws valibot's ValiError where it is no snapshot, or one of a
 * later version; else what reading a model folder throws.
 */
export async function unpackSnapshot(name: string, { step, meta: stored, payload }: Checkpoint): Promise<Snapshot> {
  const meta = readMeta(stored, step);
  const files = new Map(meta.files.map((file, i) => [file, payload[i] as Uint8Array]));
  const source = files.size > 0 ? mapSource(name, files) : undefined;
  const arrays = meta.arrays.map((array, i) => {
    const bytes = payload[meta.files.length + i] as Uint8Array;
    return [array, new Float32Array(new Uint8Array(bytes).buffer)] as const;
  });
  return {
    step,
    seconds: meta.seconds,
    memory: { meta: meta.memory, arrays: Object.fromEntries(arrays) },
    unmeasured: meta.unmeasured,
    devices: meta.devices,
    source,
    model: source && (await readFolder(source)),
    about: meta.about,
  };
}

function readMeta(stored: unknown, step: number): Meta {
  const stage = v.safeParse(stageMetaSchema, stored);
  if (stage.success) return { ...stage.output, version: 2, devices: [], about: undefined };
  const command = v.safeParse(commandMetaSchema, stored);
  if (!command.success) return v.parse(metaSchema, stored);
  const { kind, settings, counters, changes, unlogged, files, arrays } = command.output;
  const { elapsedSeconds = 0, accuracyBefore, ...memory } = counters;
  const about = { kind, settings, changes, accuracyBefore };
  return {
    version: 2,
    seconds: elapsedSeconds,
    files,
    arrays,
    memory: { step, ...memory },
    unmeasured: unlogged,
    devices: [],
    about,
  };
}
