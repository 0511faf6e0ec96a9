// What the project keeps of training runs, whoever keeps it: runs.ts in IndexedDB, memoryRuns.ts in memory.
import type { RolloutGroup, RunRecord, StepMetrics } from '../worker/protocol';

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
