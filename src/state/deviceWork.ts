// What the device is at besides answers: a question waits for the present step or batch of each.
import { type PipelinesState, runningPipeline } from './pipelineReducer';
import { isTraining, type RunState } from './runReducer';
import type { RunShelf } from './runShelf';
import { isMeasuring, type ScalingState } from './scaling';

export type DeviceWork =
  /** Of training: of a run the step's number, of a pipeline none. */
  | { readonly kind: 'step'; readonly step?: number }
  /** Of a run, or of a pipeline's checkpoint. */
  | { readonly kind: 'evaluation'; readonly name: string }
  /** The model before a run and after it, on Train; test-time scaling, on Compare; whether a run can begin from a model. */
  | { readonly kind: 'comparison' | 'scaling' | 'trial' };

/** All that goes on, in no order. */
export function deviceWork(
  run: RunState,
  pipelines: PipelinesState,
  { comparing, pending }: Pick<RunShelf, 'comparing' | 'pending'>,
  scaling: Pick<ScalingState, 'status'>,
): readonly DeviceWork[] {
  return [
    ...workOfRun(run),
    ...workOfPipeline(pipelines),
    ...(comparing ? [{ kind: 'comparison' } as const] : []),
    ...(isMeasuring(scaling) ? [{ kind: 'scaling' } as const] : []),
    ...(pending === 'try' ? [{ kind: 'trial' } as const] : []),
  ];
}

function workOfRun(state: RunState): readonly DeviceWork[] {
  if (!state.run || !isTraining(state)) return [];
  const { name, step } = state.run;
  return state.phase === 'evaluating' ? [{ kind: 'evaluation', name }] : [{ kind: 'step', step: step + 1 }];
}

function workOfPipeline(state: PipelinesState): readonly DeviceWork[] {
  if (!runningPipeline(state)) return [];
  const { progress } = state;
  return progress?.phase === 'measuring' ? [{ kind: 'evaluation', name: progress.name }] : [{ kind: 'step' }];
}
