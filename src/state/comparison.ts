// The runs laid over one another: which ones were chosen, and their metrics. The open run's come from where they arrive.
import { useMemo } from 'react';
import { create } from 'zustand';
import type { DescribedError, RunRecord, StepMetrics } from '../worker/protocol';
import { useRun } from './run';
import { callEngine } from './session';

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

export const useComparison = create<ComparisonState>()(() => ({ chosen: [], read: new Map(), problem: undefined }));

/** The places with one id put in or taken out: into the first free place, if there is one. */
export function withToggled(chosen: readonly (string | undefined)[], id: string): readonly (string | undefined)[] {
  if (chosen.includes(id)) return chosen.map((other) => (other === id ? undefined : other));
  const free = chosen.indexOf(undefined);
  if (free >= 0) return chosen.with(free, id);
  return chosen.length < MAX_COMPARED ? [...chosen, id] : chosen;
}

/** Lays a run over the others, or takes it away. */
export async function toggleCompared(run: RunRecord): Promise<void> {
  const chosen = withToggled(useComparison.getState().chosen, run.id);
  useComparison.setState({ chosen, problem: undefined });
  if (!chosen.includes(run.id)) return;
  const result = await callEngine((api) => api.runSteps(run.id));
  if (result.ok) keepCompared({ run, steps: result.value });
  else {
    const { chosen: now } = useComparison.getState();
    useComparison.setState({ chosen: now.map((id) => (id === run.id ? undefined : id)), problem: result.error });
  }
}

/** Lays a run over the others whose steps are at hand. */
export function compareAtHand(compared: ComparedRun): void {
  useComparison.setState(({ chosen }) => ({ chosen: withToggled(chosen, compared.run.id) }));
  keepCompared(compared);
}

function keepCompared(compared: ComparedRun): void {
  useComparison.setState(({ read }) => ({ read: new Map(read).set(compared.run.id, compared) }));
}

/** The chosen runs by place, the open one as it grows. */
export function useCompared(): readonly (ComparedRun | undefined)[] {
  const { chosen, read } = useComparison();
  const run = useRun((open) => open.run);
  const steps = useRun((open) => open.steps);
  return useMemo(
    () =>
      chosen.map((id) => {
        if (id === undefined) return undefined;
        return run?.id === id ? { run, steps } : read.get(id);
      }),
    [chosen, read, run, steps],
  );
}
