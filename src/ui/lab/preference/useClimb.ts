// What there is of the pipeline looked at in this browser, and its curves as they come.
import { useEffect, useMemo } from 'react';
import type { StepMetrics } from '../../../protocol/protocol';
import { klCurve } from '../../../state/klCurve';
import { readStage } from '../../../state/page/pipelineDesk';
import { refreshPipelines, usePipelines } from '../../../state/page/pipelines';
import { useSession } from '../../../state/page/session';
import { stageKey } from '../../../state/pipelineReducer';
import { LEARNED, VERIFIED } from '../../../state/preferencePipeline';

const NO_STEPS: readonly StepMetrics[] = [];

/** @param name of the pipeline; undefined where none can be run yet */
export function useClimb(name: string | undefined) {
  const isOpen = useSession(({ catalogue }) => catalogue !== undefined);
  const own = usePipelines(({ runs }) => (name === undefined ? undefined : runs[name]));
  const shown = name ?? '';
  useEffect(() => {
    if (isOpen) void refreshPipelines();
  }, [isOpen]);
  const isBegun = own !== undefined && own.status !== 'new';
  useEffect(() => {
    if (isBegun) for (const stage of [LEARNED, VERIFIED]) void readStage(shown, stage);
  }, [isBegun, shown]);
  const learned = usePipelines(({ steps }) => steps[stageKey(shown, LEARNED)] ?? NO_STEPS);
  const verified = usePipelines(({ steps }) => steps[stageKey(shown, VERIFIED)] ?? NO_STEPS);
  return {
    run: own,
    learned: useMemo(() => klCurve(learned), [learned]),
    verified: useMemo(() => klCurve(verified), [verified]),
  };
}
