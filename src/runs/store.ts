// What runs ask of storage: records of runs with their steps, checkpoints of what is under way, and files. The browser's
// IndexedDB and OPFS provide it, Node's files, and memory.
import type { RolloutGroup, RunRecord, StepMetrics, StepWithGroups } from './run';

export interface RunStore {
  /** False: everything is gone with the page. */
  readonly isDurable: boolean;
  /** Newest first. A record that this version cannot read is left out. */
  listRuns(): Promise<readonly RunRecord[]>;
  findRun(runId: string): Promise<RunRecord | undefined>;
  /** Whether anything is stored under the id, also a record that this version cannot read. */
  hasRun(runId: string): Promise<boolean>;
  /** Adds a run or replaces its record. */
  putRun(run: RunRecord): Promise<void>;
  /** Adds a run with all of its steps, all or nothing. */
  addRun(run: RunRecord, steps: readonly StepWithGroups[]): Promise<void>;
  /** Stores a finished step and the run's new record, all or nothing. A step stored before is replaced. */
  appendStep(run: RunRecord, step: StepMetrics, groups: readonly RolloutGroup[]): Promise<void>;
  /** Metrics of every stored step, in order. */
  listSteps(runId: string): Promise<readonly StepMetrics[]>;
  /** Rollout groups of one step, in order; empty if the step is not stored. */
  listRollouts(runId: string, step: number): Promise<readonly RolloutGroup[]>;
  /** Forgets the steps after `step`: a run resumed from its checkpoint takes them again. */
  dropStepsAfter(runId: string, step: number): Promise<void>;
  deleteRun(runId: string): Promise<void>;
  close(): void;
}

export interface Checkpoint {
  readonly step: number;
  /** Plain JSON: what the numbers are. Whoever reads it checks it. */
  readonly meta: unknown;
  readonly payload: readonly Uint8Array[];
}

export interface Checkpoints {
  /**
   * Stores a checkpoint beside the last good one. The payload must not change until the promise resolves.
   * Throws StorageFullError or CheckpointInUseError; the last good checkpoint is still there.
   * @param keep where given, the newest checkpoint up to this step is left alone in the place of the last one.
   */
  saveCheckpoint(runId: string, checkpoint: Checkpoint, keep?: number): Promise<void>;
  /** The newest checkpoint that is whole, or undefined if none was ever saved. Throws CheckpointDamagedError. */
  loadCheckpoint(runId: string): Promise<Checkpoint | undefined>;
  /** Whether a slot holds what fails its hashes: a load looks past it where the other is whole. */
  isOneDamaged(runId: string): Promise<boolean>;
  /**
   * Step of the newest checkpoint by its header alone: cheap, and no promise that the rest of it is whole. undefined
   * where there is none. Throws CheckpointInUseError.
   * @param atMost the newest up to this step.
   */
  savedStep(runId: string, atMost?: number): Promise<number | undefined>;
  /**
   * Forgets what was saved after a step, where it turned out to be no good, so that a load gives what was saved before.
   * Returns the step of that; undefined if nothing is left.
   */
  dropCheckpointsAfter(runId: string, step: number): Promise<number | undefined>;
  deleteCheckpoint(runId: string): Promise<void>;
  /** Ids of the runs that have one. */
  listCheckpoints(): Promise<readonly string[]>;
}

/** Whole files by the name of what they belong to: a run, or a pipeline. */
export interface StoredFiles {
  /** False: everything is gone with the page. */
  readonly isDurable: boolean;
  /** Undefined if there is no such file. */
  read(owner: string, path: string): Promise<Uint8Array | undefined>;
  /** Throws StorageFullError; what was there before is then still there. */
  write(owner: string, path: string, bytes: Uint8Array): Promise<void>;
  /** Owners that have a file. */
  names(): Promise<readonly string[]>;
  /** Paths of an owner's files. */
  list(owner: string): Promise<readonly string[]>;
  /** Deletes all files of an owner. */
  delete(owner: string): Promise<void>;
}
