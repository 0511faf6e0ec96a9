// Results that other programs made: opened from files, kept among the runs, laid beside them.
import { create } from 'zustand';
import type { ChosenFile, DescribedError, RunRecord } from '../protocol/protocol';
import { type ComparisonStore, MAX_COMPARED } from './comparison';
import type { RunStore } from './run';
import type { Session } from './session';

export interface ResultsState {
  readonly isReading: boolean;
  /** Those of the files that were opened last. */
  readonly opened: readonly RunRecord[];
  readonly problem: DescribedError | undefined;
}

/** What this reaches. */
export interface ResultsWorld {
  readonly session: Pick<Session, 'callEngine'>;
  readonly runs: Pick<RunStore, 'refreshRuns'>;
  readonly comparison: Pick<ComparisonStore, 'useComparison' | 'toggleCompared'>;
}

const nothing: ResultsState = { isReading: false, opened: [], problem: undefined };

export class ResultsStore {
  readonly useResults = create<ResultsState>()(() => nothing);

  constructor(private readonly world: ResultsWorld) {}

  /** Keeps the runs of these files and lays them beside the chosen ones, as many as there is room for. */
  openResults = async (files: readonly ChosenFile[]): Promise<void> => {
    if (files.length === 0 || this.useResults.getState().isReading) return;
    const { session, runs, comparison } = this.world;
    this.useResults.setState({ ...nothing, isReading: true });
    const result = await session.callEngine((api) => api.importResults(files));
    if (!result.ok) {
      this.useResults.setState({ isReading: false, problem: result.error });
      return;
    }
    this.useResults.setState({ isReading: false, opened: result.value });
    await runs.refreshRuns();
    for (const run of result.value) {
      const { chosen } = comparison.useComparison.getState();
      if (chosen.filter((id) => id !== undefined).length < MAX_COMPARED) await comparison.toggleCompared(run);
    }
  };
}
