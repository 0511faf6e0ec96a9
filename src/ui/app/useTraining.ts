// What trains now, if anything does: a run, or a stage of a pipeline. A question waits for its step to end.

import { numSteps } from '../../protocol/options';
import { usePipelines } from '../../state/page/pipelines';
import { useRun } from '../../state/page/run';
import { runningPipeline } from '../../state/pipelineReducer';
import { isTraining } from '../../state/runReducer';
import { findPace } from '../train/lead';

export interface Training {
  readonly screen: 'train' | 'stages';
  readonly name: string;
  /** Steps taken, and all there will be; of a run. */
  readonly steps?: { readonly done: number; readonly max: number };
  /** Mean time of a step, once one was measured. */
  readonly stepMs?: number | undefined;
}

export function useTraining(): Training | undefined {
  const run = useRun((state) => (isTraining(state) ? state.run : undefined));
  const steps = useRun((state) => state.steps);
  const pipeline = usePipelines((state) => runningPipeline(state)?.pipeline.name);
  if (run) {
    const max = numSteps(run.settings.config);
    const stepMs = findPace(steps, run.step, max)?.stepMs;
    return { screen: 'train', name: run.name, steps: { done: run.step, max }, stepMs };
  }
  return pipeline === undefined ? undefined : { screen: 'stages', name: pipeline };
}
