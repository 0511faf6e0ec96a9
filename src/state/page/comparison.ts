import { useMemo } from 'react';
import { type ComparedRun, ComparisonStore, comparedRuns } from '../comparison';
import { useRun } from './run';
import { session } from './session';

export const comparison = new ComparisonStore(session);
export const { useComparison, toggleCompared, compareAtHand, compareOnly } = comparison;

/** The chosen runs by place, the open one as it grows. */
export function useCompared(): readonly (ComparedRun | undefined)[] {
  const { chosen, read } = useComparison();
  const run = useRun((open) => open.run);
  const steps = useRun((open) => open.steps);
  return useMemo(() => comparedRuns({ chosen, read }, { run, steps }), [chosen, read, run, steps]);
}
