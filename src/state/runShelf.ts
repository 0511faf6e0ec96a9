// What lies around the open run: stored runs, the comparison of before and after, a command on its way.
import type { BeforeAfter, DescribedError, RunSettings, StartTrial, StoredRun } from '../protocol/protocol';
import type { Start } from './start';

/** A start that was right on none of the questions it was tried on. */
export interface StartDoubt {
  readonly settings: RunSettings;
  readonly paused: boolean;
  readonly start: Start;
  /** Name of the model. */
  readonly model: string;
  readonly trial: StartTrial;
}

export interface RunShelf {
  readonly stored: readonly StoredRun[];
  readonly beforeAfter: BeforeAfter | undefined;
  /** Answers of the comparison under way; total 0 while it waits for its turn. */
  readonly comparing: { readonly runId: string; readonly done: number; readonly total: number } | undefined;
  readonly compareProblem: DescribedError | undefined;
  /** Why the last command was refused. It is no state of a run: a run may be open and well, or none. */
  readonly problem: DescribedError | undefined;
  /** A command was sent and not yet answered (a pause takes until the step's end). */
  readonly pending: 'try' | 'start' | 'pause' | 'resume' | 'step' | 'stop' | 'open' | undefined;
  /** Where the next run starts, by `startKey`; undefined: where it would by itself. */
  readonly start: string | undefined;
  /** Why a run was not started yet. */
  readonly doubt: StartDoubt | undefined;
  /** The newest checkpoint of the run just opened, of step `from`, is damaged: the run goes on from the one before. */
  readonly steppedBack: { readonly from: number; readonly to: number } | undefined;
}

/** Nothing compared, nor being compared. */
export const emptyComparison = { beforeAfter: undefined, comparing: undefined, compareProblem: undefined };

export const emptyShelf: RunShelf = {
  stored: [],
  pending: undefined,
  start: undefined,
  doubt: undefined,
  problem: undefined,
  steppedBack: undefined,
  ...emptyComparison,
};
