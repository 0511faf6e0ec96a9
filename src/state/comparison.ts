// The runs laid over one another: which ones were chosen, and their metrics. The open run's come from where they arrive.
import { create } from 'zustand';
import type { DescribedError, RunRecord, StepMetrics } from '../protocol/protocol';
import type { RunState } from './runReducer';
import type { Session } from './session';

/** More lines than this cannot be told apart. */
export const MAX_COMPARED = 4;

export interface ComparedRun {
  readonly run: RunRecord;
  readonly steps: readonly StepMetrics[];
}

export interface ComparisonState {
  /** Ids, in the order in which they were chosen; a run keeps its place, and so its colour, when another goes. */
  readonly chosen: readonly (string | undefined)[];
  readonly read: ReadonlyMap<string, ComparedRun>;
  readonly problem: DescribedError | undefined;
}

/** The places with one id put in or taken out: into the first free place, if there is one. */
export function withToggled(chosen: readonly (string | undefined)[], id: string): readonly (string | undefined)[] {
  if (chosen.includes(id)) return chosen.map((other) => (other === id ? undefined : other));
  const free = chosen.indexOf(undefined);
  if (free >= 0) return chosen.with(free, id);
  return chosen.length < MAX_COMPARED ? [...chosen, id] : chosen;
}

/** The chosen runs by place, the open one as it grows. */
export function comparedRuns(
  { chosen, read }: Pick<ComparisonState, 'chosen' | 'read'>,
  { run, steps }: Pick<RunState, 'run' | 'steps'>,
): readonly (ComparedRun | undefined)[] {
  return chosen.map((id) => {
    if (id === undefined) return undefined;
    return run?.id === id ? { run, steps } : read.get(id);
  });
}

export class ComparisonStore {
  readonly useComparison = create<ComparisonState>()(() => ({ chosen: [], read: new Map(), problem: undefined }));

  constructor(private readonly session: Pick<Session, 'callEngine'>) {}

  /** Lays a run over the others, or takes it away. */
  toggleCompared = async (run: RunRecord): Promise<void> => {
    const chosen = withToggled(this.useComparison.getState().chosen, run.id);
    this.useComparison.setState({ chosen, problem: undefined });
    if (!chosen.includes(run.id)) return;
    const result = await this.session.callEngine((api) => api.runSteps(run.id));
    if (result.ok) this.#keep({ run, steps: result.value });
    else {
      const { chosen: now } = this.useComparison.getState();
      const others = now.map((id) => (id === run.id ? undefined : id));
      this.useComparison.setState({ chosen: others, problem: result.error });
    }
  };

  /** Lays a run over the others whose steps are at hand. */
  compareAtHand = (compared: ComparedRun): void => {
    this.useComparison.setState(({ chosen }) => ({ chosen: withToggled(chosen, compared.run.id) }));
    this.#keep(compared);
  };

  /**
   * Lays these runs over one another, and none else. @param atHand a run that is not stored, such as the recorded one.
   * @returns the ids of those that are neither.
   */
  compareOnly = async (
    ids: readonly string[],
    stored: readonly RunRecord[],
    atHand: ComparedRun | undefined,
  ): Promise<readonly string[]> => {
    this.useComparison.setState({ chosen: [], problem: undefined });
    const missing: string[] = [];
    for (const id of ids) {
      const run = stored.find((one) => one.id === id);
      if (run) await this.toggleCompared(run);
      else if (atHand?.run.id === id) this.compareAtHand(atHand);
      else missing.push(id);
    }
    return missing;
  };

  #keep(compared: ComparedRun): void {
    this.useComparison.setState(({ read }) => ({ read: new Map(read).set(compared.run.id, compared) }));
  }
}
