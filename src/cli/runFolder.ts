// The folder of a training run: its checkpoint, from which it can be resumed bit for bit, and in the end its model.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { MODEL_FILE_NAMES } from '../formats/huggingface/fileLimits';
import type { ModelFolder } from '../formats/huggingface/folder';
import { writeDirectory } from '../formats/huggingface/nodeDirectory';
import type { StreamedFile } from '../formats/huggingface/weightFiles';
import type { FolderFiles, StreamedFiles } from '../formats/huggingface/writeFolder';
import { cliCommand } from '../lib/shell';
import type { DeviceStretch } from '../runs/devices';
import type { TrainingState } from '../runs/driver';
import { packSnapshot, type Snapshot, unpackSnapshot } from '../runs/snapshot';
import type { Checkpoint } from '../runs/store';
import { createCheckpoints } from '../storage/checkpoints';
import { nodeSlots } from '../storage/nodeSlots';
import { type Arguments, type Command, UsageError } from './command';
import { orDiskFull, sizeOf } from './diskFull';
import { checkOutputFolder, isFolder } from './files';
import { holdFolder } from './folderLock';
import { loadWhole } from './wholeCheckpoint';

/** Below the run's folder. */
const CHECKPOINT = 'checkpoint';

const aboutSchema = v.object({
  kind: v.picklist(['pretrain', 'sft', 'grpo', 'dpo', 'reward-model']),
  /** What the run was started with: plain JSON, checked by whoever resumes. */
  settings: v.unknown(),
  /** What of the settings was changed when the run was resumed, the first change first. */
  changes: v.optional(v.array(v.object({ step: v.number(), name: v.string(), from: v.number(), to: v.number() })), []),
  /** On the held-out problems before the first step. */
  accuracyBefore: v.optional(v.number()),
});

/** What a run's folder tells of it beside the trainer's state. */
export type AboutRun = v.InferOutput<typeof aboutSchema>;
export type RunKind = AboutRun['kind'];

/** A run as it was last saved. */
export interface ResumedRun extends Omit<Snapshot, 'model' | 'source'> {
  readonly model: ModelFolder;
  readonly about: AboutRun;
}

export class RunFolder {
  readonly #checkpoints;
  #hasCheckpoint = false;

  constructor(readonly path: string) {
    this.#checkpoints = createCheckpoints(nodeSlots(path));
  }

  get checkpointPath(): string {
    return join(this.path, CHECKPOINT);
  }

  /**
   * Takes the folder for a new run. Throws UsageError when it cannot be made, another process writes to it, or it holds
   * a model, or a run that could still be resumed.
   */
  claim(): void {
    checkOutputFolder(this.path);
    holdFolder(this.path);
    refuseToLose(this.path, [...MODEL_FILE_NAMES, 'pipeline.json']);
    if (!existsSync(this.checkpointPath)) return;
    throw new UsageError(
      `${this.path} holds a run that is not finished.`,
      `Go on with it by --resume ${this.path}, choose another folder, or delete ${this.checkpointPath}.`,
    );
  }

  /** @param files the model's as of this step. */
  async save(
    state: TrainingState,
    files: FolderFiles,
    devices: readonly DeviceStretch[],
    about: AboutRun,
  ): Promise<void> {
    const checkpoint = packSnapshot(state, files, devices, about);
    await this.#write('the checkpoint', checkpoint.payload, about.kind, () =>
      this.#checkpoints.saveCheckpoint(CHECKPOINT, checkpoint),
    );
    this.#hasCheckpoint = true;
  }

  /** The checkpoint as it is kept, its folder taken. Throws as `load`. */
  async loadCheckpoint(kind: RunKind): Promise<{ readonly checkpoint: Checkpoint; readonly resumed: ResumedRun }> {
    const resumed = await this.load(kind);
    return { checkpoint: (await this.#checkpoints.loadCheckpoint(CHECKPOINT)) as Checkpoint, resumed };
  }

  /** Keeps a checkpoint of another place as this run's. */
  async adopt({ step, meta, payload }: Checkpoint, about: AboutRun): Promise<void> {
    const adopted = { step, meta: { ...(meta as object), about }, payload };
    await this.#write('the checkpoint', payload, about.kind, () =>
      this.#checkpoints.saveCheckpoint(CHECKPOINT, adopted),
    );
  }

  /** Writes the model as it is after a step into a folder below this one, where nothing deletes it. */
  async keep(step: number, files: StreamedFiles): Promise<void> {
    const path = join(this.path, `step-${step}`);
    await orDiskFull(
      { folder: path, what: 'the model', sizeBytes: sizeOf(files.values()), goOn: 'Then go on with the run.' },
      () => writeDirectory(path, files),
    );
  }

  /** Writes the model of a run that is over, and deletes its checkpoint. */
  async finish(kind: RunKind, files: StreamedFiles): Promise<void> {
    await this.#write('the model', files.values(), kind, () => writeDirectory(this.path, files));
    await this.#checkpoints.deleteCheckpoint(CHECKPOINT);
  }

  #write(
    what: string,
    parts: Iterable<Uint8Array | StreamedFile>,
    kind: RunKind,
    write: () => Promise<void>,
  ): Promise<void> {
    const resume = `Then go on with: ${cliCommand(kind, '--resume', this.path)}`;
    const goOn = this.#hasCheckpoint ? resume : 'Then begin the run again, or do so in a folder on another disk.';
    return orDiskFull({ folder: this.path, what, sizeBytes: sizeOf(parts), goOn }, write);
  }

  /**
   * The run as it was last saved, its folder taken. Throws UsageError where there is none of that kind, or none that is
   * whole.
   */
  async load(kind: RunKind): Promise<ResumedRun> {
    if (isFolder(this.path)) holdFolder(this.path);
    const checkpoint = await loadWhole(this.#checkpoints, CHECKPOINT, {
      what: this.path,
      path: this.checkpointPath,
      remedy: 'Start the run again, in another folder.',
    });
    if (!checkpoint) {
      const found = existsSync(this.checkpointPath)
        ? 'what is left of its checkpoints is empty'
        : existsSync(this.path)
          ? 'there is no checkpoint in it'
          : 'there is no such folder';
      throw new UsageError(
        `${this.path} cannot be resumed: ${found}.`,
        'Give the --out folder of a run that was stopped.',
      );
    }
    const snapshot = await this.#unpack(checkpoint);
    const about = v.safeParse(aboutSchema, snapshot?.about);
    if (!snapshot?.model || !about.success) {
      throw new UsageError(`${this.checkpointPath} is of another version of this program.`, 'Start the run again.');
    }
    this.#hasCheckpoint = true;
    const { output } = about;
    if (output.kind !== kind) {
      throw new UsageError(
        `${this.path} holds a run of ${output.kind}, not of ${kind}.`,
        `Use: ${cliCommand(output.kind, '--resume', this.path)}`,
      );
    }
    return { ...snapshot, model: snapshot.model, about: output };
  }

  /** Undefined where the checkpoint is no snapshot that this version reads. */
  async #unpack(checkpoint: Checkpoint): Promise<Snapshot | undefined> {
    try {
      return await unpackSnapshot(this.checkpointPath, checkpoint);
    } catch (error) {
      if (error instanceof v.ValiError) return undefined;
      throw error;
    }
  }

  /** Forgets what was saved after a step. Returns the step of the checkpoint that is left, if one is. */
  dropAfter(step: number): Promise<number | undefined> {
    return this.#checkpoints.dropCheckpointsAfter(CHECKPOINT, step);
  }
}

/** Throws UsageError if the folder holds something under one of the names, but for an empty folder. */
export function refuseToLose(folder: string, names: readonly string[]): void {
  const made = names.find((name) => {
    const path = join(folder, name);
    return existsSync(path) && !(isFolder(path) && readdirSync(path).length === 0);
  });
  if (made === undefined) return;
  throw new UsageError(`${folder} holds ${made} already: it would be lost.`, 'Choose another folder.');
}

/** The run with what is changed of its settings, `before` to `after`, added to what was changed before. */
export function withChanges(resumed: ResumedRun, before: object, after: object): ResumedRun {
  const values: Readonly<Record<string, unknown>> = { ...before };
  const changes = Object.entries(after).flatMap(([name, to]) => {
    const from = values[name];
    const isChanged = typeof from === 'number' && typeof to === 'number' && from !== to;
    return isChanged ? [{ step: resumed.step, name, from, to }] : [];
  });
  return { ...resumed, about: { ...resumed.about, changes: [...resumed.about.changes, ...changes] } };
}

/** Throws UsageError when a resumed run is given anything but the options it may still be given. */
export function refuseSettled(args: Arguments, command: Command, resumable: readonly string[]): void {
  const settled = Object.keys(command.options).find((name) => args.isGiven(name) && !resumable.includes(name));
  const [positional] = command.positionals;
  const isNamed = args.positional(0) !== undefined;
  const what = settled !== undefined ? `--${settled}` : isNamed ? positional?.name.replace(/[[\]]/g, '') : undefined;
  if (what === undefined) return;
  throw args.usage(
    `${what} cannot be given to a run that is resumed.`,
    'Leave it out: the run goes on as it was started.',
  );
}
