// One training run, as the page sees it: a pure reducer over the engine's events. Rollouts are not kept here
// (see inspect.ts): they are many, and read on demand.
import type {
  Ailing,
  DescribedError,
  EngineEvent,
  OpenedRun,
  RunActivity,
  RunRecord,
  StepMetrics,
} from '../protocol/protocol';

/** An activity while the record says `running`, else what the record says; `ready` without a run. */
export type RunPhase = 'ready' | RunActivity | Exclude<RunRecord['status'], 'running'>;

export interface RunState {
  /** `elsewhere`: another tab has the run; `toSee`: there is no checkpoint of it. Both are only looked at. */
  readonly origin: 'none' | 'live' | 'elsewhere' | 'toSee' | 'recorded';
  readonly run: RunRecord | undefined;
  readonly phase: RunPhase;
  /** Progress within the phase; total 0 when the phase has no parts. */
  readonly done: number;
  readonly total: number;
  readonly steps: readonly StepMetrics[];
  readonly savedStep: number | undefined;
  /** Of the checkpoint that is kept beside it, where that is known. */
  readonly olderStep: number | undefined;
  /** Why the run failed. */
  readonly problem: DescribedError | undefined;
  /** Why nothing was saved since `savedStep`, though it was time to: the run goes on without. */
  readonly unsaved: DescribedError | undefined;
  /** What is wrong with the weights of the last step, if anything is. */
  readonly ailing: Ailing | undefined;
}

export type RunEvent =
  | EngineEvent
  | ({ readonly type: 'runOpened' } & OpenedRun)
  | { readonly type: 'recordingOpened' }
  | { readonly type: 'runClosed' };

export const noRun: RunState = {
  origin: 'none',
  run: undefined,
  phase: 'ready',
  done: 0,
  total: 0,
  steps: [],
  savedStep: undefined,
  olderStep: undefined,
  problem: undefined,
  unsaved: undefined,
  ailing: undefined,
};

/** True while the engine computes for the run. */
export function isTraining({ origin, run }: RunState): boolean {
  return origin === 'live' && run?.status === 'running';
}

/** True when the run will not go on by itself, nor be resumed but from a checkpoint. */
export function isEnded({ run }: RunState): boolean {
  return run === undefined || run.status === 'finished' || run.status === 'failed';
}

/** True when the run can be paused, resumed or stepped. */
export function isOpenRun({ origin, run }: RunState): boolean {
  return origin === 'live' && (run?.status === 'running' || run?.status === 'paused');
}

function withStep(steps: readonly StepMetrics[], step: StepMetrics): readonly StepMetrics[] {
  const last = steps[steps.length - 1];
  if (last === undefined || last.step < step.step) return [...steps, step];
  return [...steps.filter((earlier) => earlier.step < step.step), step];
}

function withRecord(state: RunState, run: RunRecord): RunState {
  const isSame = state.run?.id === run.id;
  const base: RunState = isSame ? state : { ...noRun, origin: state.origin === 'recorded' ? 'recorded' : 'live' };
  const problem = run.status === 'failed' ? base.problem : undefined;
  if (run.status !== 'running') return { ...base, run, problem, phase: run.status, done: 0, total: 0 };
  if (base.run?.status === 'running') return { ...base, run, problem };
  return { ...base, run, problem, phase: 'sampling', done: 0, total: 0 };
}

function failed(state: RunState, problem: DescribedError): RunState {
  return state.run ? { ...withRecord(state, { ...state.run, status: 'failed' }), problem } : state;
}

/** The next state. Events of another run than the open one are ignored, except the record of a new one. */
export function reduceRun(state: RunState, event: RunEvent): RunState {
  switch (event.type) {
    case 'runOpened': {
      const opened = withRecord(noRun, event.run);
      return event.isElsewhere || event.isToSee
        ? { ...opened, origin: event.isElsewhere ? 'elsewhere' : 'toSee', steps: event.steps }
        : { ...opened, steps: event.steps, savedStep: event.run.step, olderStep: event.olderStep };
    }
    case 'recordingOpened':
      return { ...noRun, origin: 'recorded' };
    case 'runChanged':
      return withRecord(state, event.run);
    case 'phaseChanged':
      // A run that rests does nothing, whatever is told late or by mistake.
      if (event.runId !== state.run?.id || state.run.status !== 'running') return state;
      return { ...state, phase: event.phase, done: event.done, total: event.total };
    case 'stepFinished':
      if (state.run === undefined || event.runId !== state.run.id) return state;
      return { ...state, steps: withStep(state.steps, event.step), run: { ...state.run, step: event.step.step } };
    case 'checkpointSaved':
      return event.runId === state.run?.id
        ? { ...state, savedStep: event.step, olderStep: event.olderStep, unsaved: undefined }
        : state;
    case 'saveFailed':
      return event.runId === state.run?.id ? { ...state, unsaved: event.error } : state;
    case 'runAiled':
      return event.runId === state.run?.id ? { ...state, ailing: event.ailing } : state;
    case 'runFailed':
      if (event.runId !== state.run?.id) return state;
      return failed('keptStep' in event ? { ...state, savedStep: event.keptStep } : state, event.error);
    case 'deviceLost':
      return isTraining(state) ? failed(state, event.error) : state;
    case 'runClosed':
      return noRun;
    default:
      return state;
  }
}
