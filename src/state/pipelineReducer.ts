// The pipelines of this browser as the page sees them: a pure reducer over the engine's events.
import type { EngineEvent, PipelineProgress, PipelineRun, StepMetrics } from '../protocol/protocol';

export interface PipelinesState {
  /** Those that were begun, by name. */
  readonly runs: Readonly<Record<string, PipelineRun>>;
  /** Of the one that runs here; undefined between two stages, too. */
  readonly progress: (PipelineProgress & { readonly pipeline: string }) | undefined;
  /** Metrics of stages, by `stageKey`. */
  readonly steps: Readonly<Record<string, readonly StepMetrics[]>>;
}

export type PipelinesEvent =
  | EngineEvent
  | { readonly type: 'pipelinesListed'; readonly runs: readonly PipelineRun[] }
  | { readonly type: 'pipelineDeleted'; readonly name: string }
  | {
      readonly type: 'stageRead';
      readonly pipeline: string;
      readonly stage: string;
      readonly steps: readonly StepMetrics[];
    };

export const noPipelines: PipelinesState = { runs: {}, progress: undefined, steps: {} };

export const stageKey = (pipeline: string, stage: string) => `${pipeline}/${stage}`;

/** The pipeline that runs here. */
export function runningPipeline({ runs }: PipelinesState): PipelineRun | undefined {
  return Object.values(runs).find(({ status }) => status === 'running');
}

export function reducePipelines(state: PipelinesState, event: PipelinesEvent): PipelinesState {
  switch (event.type) {
    case 'pipelinesListed':
      return settled({ ...state, runs: Object.fromEntries(event.runs.map((run) => [run.pipeline.name, run])) });
    case 'pipelineChanged': {
      const { name } = event.run.pipeline;
      const isNext = state.runs[name]?.done.length !== event.run.done.length;
      const progress = isNext ? undefined : state.progress;
      return settled({ ...state, progress, runs: { ...state.runs, [name]: event.run } });
    }
    case 'pipelineProgressed':
      return settled({ ...state, progress: { ...event.progress, pipeline: event.pipeline } });
    case 'stageStepped': {
      const key = stageKey(event.pipeline, event.stage);
      // A stage that goes on from its last save takes the steps since then again.
      const before = (state.steps[key] ?? []).filter(({ step }) => step < event.step.step);
      return { ...state, steps: { ...state.steps, [key]: [...before, event.step] } };
    }
    case 'stageRead': {
      const key = stageKey(event.pipeline, event.stage);
      const live = state.steps[key] ?? [];
      const first = live[0]?.step ?? Number.POSITIVE_INFINITY;
      const before = event.steps.filter(({ step }) => step < first);
      return { ...state, steps: { ...state.steps, [key]: [...before, ...live] } };
    }
    case 'pipelineDeleted': {
      const { [event.name]: _, ...runs } = state.runs;
      const kept = Object.entries(state.steps).filter(([key]) => !key.startsWith(stageKey(event.name, '')));
      return settled({ ...state, runs, steps: Object.fromEntries(kept) });
    }
    case 'deviceLost': {
      const running = runningPipeline(state);
      if (!running) return state;
      const lost: PipelineRun = { ...running, status: 'failed', problem: event.error };
      return settled({ ...state, runs: { ...state.runs, [running.pipeline.name]: lost } });
    }
    default:
      return state;
  }
}

/** Progress is only of a pipeline that runs: what is told of one that was stopped meanwhile comes late. */
function settled(state: PipelinesState): PipelinesState {
  const { progress, runs } = state;
  return progress && runs[progress.pipeline]?.status !== 'running' ? { ...state, progress: undefined } : state;
}
