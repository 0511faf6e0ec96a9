// GRPO runs of this browser.
import type { RolloutGroup, RunRecord, RunSettings, StepMetrics } from '../runs/run';
import type { AnswerReading } from '../trainer/grpo/grpo';
import type { GrpoConfig } from '../trainer/grpo/grpoConfig';
import type { Result } from './result';

export type { AnswerReading };

/** What a run does while its record says `running`; how it rests is said by its record alone. */
export type RunActivity = 'sampling' | 'scoring' | 'updating' | 'evaluating' | 'saving';

/** A run of this browser, as the list of runs has it. */
export interface StoredRun extends RunRecord {
  /** Another tab has it, so here it can only be looked at. */
  readonly isElsewhere: boolean;
  /** Step of its newest checkpoint, from which it would go on. Absent where there is none, or another tab has it. */
  readonly savedStep?: number;
}

/** What became of a few held-out problems before a run. */
export interface StartTrial {
  readonly problems: number;
  readonly right: number;
}

export interface OpenedRun {
  readonly run: RunRecord;
  readonly steps: readonly StepMetrics[];
  /** Another tab has it: it was read, not opened, and the loaded model stays. */
  readonly isElsewhere: boolean;
  /** There is no checkpoint of it here: it was read, not opened, and the loaded model stays. */
  readonly isToSee?: boolean;
  /** Step of the checkpoint that is kept beside the one it was opened at; absent where there is none. */
  readonly olderStep?: number | undefined;
}

/** A file that a person chose or dropped. */
export interface ChosenFile {
  /** With slashes, below the folder that was chosen. */
  readonly path: string;
  readonly content: Blob;
}

/** Runs as files, and what their reader says of them. */
export interface RunFileApi {
  /** A stored run as a file (runs/runFile.ts); with what it can be gone on with, as far as it was saved, if asked for. */
  exportRun(runId: string, withState: boolean): Promise<Result<Uint8Array>>;
  /**
   * Keeps the run of a file, whole or not at all. It then rests, and the code of a reward of its own waits for
   * `allowRunCode`.
   */
  importRun(name: string, content: Uint8Array | Blob): Promise<Result<RunRecord>>;
  /**
   * Keeps the runs that other programs' files tell of (runs/elsewhere), all of them or none. They can be looked at and
   * compared, not gone on with.
   */
  importResults(files: readonly ChosenFile[]): Promise<Result<readonly RunRecord[]>>;
  /** What its reader calls a run, empty for its own name, and a note. */
  describeRun(runId: string, said: { readonly label: string; readonly note: string }): Promise<Result<RunRecord>>;
  /** The reader has seen the code that came with a run, and lets it run. */
  allowRunCode(runId: string): Promise<Result<RunRecord>>;
  /** The answers of every stored step as a file, a JSON object a line (`rolloutsJsonl`). */
  rolloutsFile(runId: string): Promise<Result<Blob>>;
}

export interface RunApi extends RunFileApi {
  /**
   * Bytes that the device would hold for a run on the loaded model, or a shipped one; fails where it does not allow a
   * buffer of it.
   */
  planRun(config: GrpoConfig, shippedId?: string): Promise<Result<number>>;
  /**
   * How the model that a run would start from, the loaded one or a shipped one, answers a few held-out problems of its
   * task now.
   */
  tryStart(settings: RunSettings, shippedId?: string): Promise<Result<StartTrial>>;
  /** A new run on the loaded model. `paused` starts it without taking a step. */
  startRun(settings: RunSettings, paused?: boolean): Promise<Result<RunRecord>>;
  /** Pauses at the end of the current step. */
  pauseRun(): Promise<Result<RunRecord>>;
  resumeRun(): Promise<Result<RunRecord>>;
  /** Saves the open run at the end of its current step, if it trains: the page may be about to go. */
  saveRun(): Promise<void>;
  /** Takes one step of a paused run. */
  stepRun(): Promise<Result<RunRecord>>;
  /** Ends the run after the current step and saves it. The trained model stays loaded. */
  stopRun(): Promise<Result<RunRecord>>;
  /** Stored runs, newest first. */
  listRuns(): Promise<Result<readonly StoredRun[]>>;
  /**
   * Opens a stored run at its last checkpoint, paused, with every step's metrics; one that another tab has is only read.
   * @param atMost where given, checkpoints and metrics after this step are forgotten. Fails, forgetting nothing, where no
   *     checkpoint is left.
   */
  openRun(runId: string, atMost?: number): Promise<Result<OpenedRun>>;
  /** Every step's metrics of a stored run, without opening it. */
  runSteps(runId: string): Promise<Result<readonly StepMetrics[]>>;
  deleteRun(runId: string): Promise<Result<null>>;
  /**
   * How the weights as they are now read an answer of the open run's last step: by its group and its place in it. Fails once
   * another step was taken.
   */
  readAgain(runId: string, step: number, group: number, member: number): Promise<Result<AnswerReading>>;
  /** The rollout groups of a stored step. */
  rollouts(runId: string, step: number): Promise<Result<readonly RolloutGroup[]>>;
}
