// One training run, as the page sees it: a pure reducer over the engine's events. Rollouts are not kept here
// (see inspect.ts): they are many, and read on demand.
import type { EngineEvent, OpenedRun, Problem, RunPhase, RunRecord, StepMetrics } from '../worker/protocol';

export interface RunState {
  /** `elsewhere`: another tab has the run, here it is only looked at. */
  readonly origin: 'none' | 'live' | 'elsewhere' | 'recorded';
  readonly run: RunRecord | undefined;
  readonly phase: RunPhase;
  /** Progress within the phase; total 0 when the phase has no parts. */
  readonly done: number;
  readonly total: number;
  readonly steps: readonly StepMetrics[];
  readonly savedStep: number | undefined;
  readonly problem: Problem | undefined;
}

export type RunEvent =
  | EngineEvent
  | ({ readonly type: 'runOpened' } & OpenedRun)
  | { readonly type: 'recordingOpened' }
  | { readonly type: 'runRefused'; readonly error: Problem }
  | { readonly type: 'runClosed' };

export const noRun: RunState = {
  origin: 'none',
  run: undefined,
  phase: 'ready',
  done: 0,
  total: 0,
  steps: [],
  savedStep: undefined,
  problem: undefined,
};

const isAtRest = (phase: RunPhase) =>
  phase === 'ready' || phase === 'paused' || phase === 'finished' || phase === 'failed';

/** True while the engine computes for the run. */
export function isTraining(state: RunState): boolean {
  return state.origin === 'live' && !isAtRest(state.phase);
}

/** True when the run can be paused, resumed or stepped. */
export function isOpenRun(state: RunState): boolean {
  return state.origin === 'live' && state.run !== undefined && state.phase !== 'finished' && state.phase !== 'failed';
}

function withStep(steps: readonly StepMetrics[], step: StepMetrics): readonly StepMetrics[] {
  const last = steps[steps.length - 1];
  if (last === undefined || last.step < step.step) return [...steps, step];
  return [...steps.filter((earlier) => earlier.step < step.step), step];
}

function withRecord(state: RunState, run: RunRecord): RunState {
  const isSame = state.run?.id === run.id;
  const base: RunState = isSame ? state : { ...noRun, origin: state.origin === 'recorded' ? 'recorded' : 'live' };
  const phase = run.status === 'running' ? (isAtRest(base.phase) ? 'sampling' : base.phase) : run.status;
  const settled = phase === base.phase ? {} : { done: 0, total: 0 };
  return { ...base, ...settled, run, phase, problem: run.status === 'failed' ? base.problem : undefined };
}

/** The next state. Events of another run than the open one are ignored, except the record of a new one. */
export function reduceRun(state: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case 'runOpened': {
      const opened = withRecord(noRun, event.run);
      return event.isElsewhere
        ? { ...opened, origin: 'elsewhere', steps: event.steps }
        : { ...opened, steps: event.steps, savedStep: event.run.step };
    }
    case 'recordingOpened':
      return { ...noRun, origin: 'recorded' };
    case 'runChanged':
      return withRecord(state, event.run);
    case 'phaseChanged':
      if (event.runId !== state.run?.id) return state;
      return { ...state, phase: event.phase, done: event.done, total: event.total };
    case 'stepFinished':
      if (state.run === undefined || event.runId !== state.run.id) return state;
      return { ...state, steps: withStep(state.steps, event.step), run: { ...state.run, step: event.step.step } };
    case 'checkpointSaved':
      return event.runId === state.run?.id ? { ...state, savedStep: event.step } : state;
    case 'runFailed':
      if (event.runId !== state.run?.id) return state;
      return { ...state, phase: 'failed', problem: event.error };
    case 'runRefused':
      return { ...state, problem: event.error };
    case 'deviceLost':
      return isTraining(state) ? { ...state, phase: 'failed', problem: event.error } : state;
    case 'runClosed':
      return noRun;
    default:
      return state;
  }
}
