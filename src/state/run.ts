// The open training run: the store around the run reducer, and what a reader can do with it.
import { create } from 'zustand';
import { grpoConfig } from '../trainer/grpoConfig';
import type {
  BeforeAfter,
  Catalogue,
  DescribedError,
  ModelInfo,
  ModelSource,
  Result,
  RunRecord,
  RunSettings,
  StartTrial,
  StepMetrics,
  StoredRun,
} from '../worker/protocol';
import type { RunRecording } from '../worker/recording';
import { keepRollouts, resetInspect } from './inspect';
import { fetchRecording, play } from './player';
import { setPreferences, usePreferences } from './preferences';
import { isOpenRun, isTraining, noRun, type RunEvent, type RunState, reduceRun } from './runReducer';
import { callEngine, loadModel, onEngineEvents, reconnectEngine, refreshModelInfo, whileLoading } from './session';
import type { Start } from './start';

const PLAY_RUN_MS = 20_000;

export const useRun = create<RunState>()(() => noRun);

/** A start that was right on none of the questions it was tried on. */
export interface StartDoubt {
  readonly settings: RunSettings;
  readonly paused: boolean;
  readonly start: Start;
  /** Name of the model. */
  readonly model: string;
  readonly trial: StartTrial;
}

/** What lies around the open run: stored runs, the comparison, a command on its way. */
export interface RunShelf {
  readonly stored: readonly StoredRun[];
  /** The recorded run as a whole, once it was fetched. */
  readonly recorded: { readonly run: RunRecord; readonly steps: readonly StepMetrics[] } | undefined;
  readonly beforeAfter: BeforeAfter | undefined;
  /** Answers of the comparison under way; total 0 while it waits for its turn. */
  readonly comparing: { readonly runId: string; readonly done: number; readonly total: number } | undefined;
  readonly compareProblem: DescribedError | undefined;
  /** Why the last command was refused. It is no state of a run: a run may be open and well, or none. */
  readonly problem: DescribedError | undefined;
  /** A command was sent and not yet answered (a pause takes until the step's end). */
  readonly pending: 'try' | 'start' | 'pause' | 'resume' | 'step' | 'stop' | 'open' | undefined;
  /** Where the next run starts, by `startKey`; undefined: where it would by itself. */
  readonly start: string | undefined;
  /** Why a run was not started yet. */
  readonly doubt: StartDoubt | undefined;
  /** The newest checkpoint of the run just opened, of step `from`, is damaged: the run goes on from the one before. */
  readonly steppedBack: { readonly from: number; readonly to: number } | undefined;
}
const emptyComparison = { beforeAfter: undefined, comparing: undefined, compareProblem: undefined };
export const useShelf = create<RunShelf>()(() => ({
  stored: [],
  recorded: undefined,
  pending: undefined,
  start: undefined,
  doubt: undefined,
  problem: undefined,
  steppedBack: undefined,
  ...emptyComparison,
}));

let stopPlaying = () => {};
let recording: RunRecording | undefined;

function dispatch(...events: readonly RunEvent[]): void {
  useRun.setState((state) => events.reduce(reduceRun, state));
  const { run, origin } = useRun.getState();
  for (const event of events) {
    if (event.type === 'stepFinished' && event.runId === run?.id) {
      keepRollouts(event.step.step, event.groups, origin === 'recorded');
    }
  }
}

onEngineEvents((batch) => {
  if (useRun.getState().origin !== 'recorded') dispatch(...batch);
  // A run changes the loaded model; its name and memory are read again when the run comes to rest.
  if (batch.some((event) => event.type === 'runChanged' && event.run.status !== 'running')) void refreshModelInfo();
  // A run that failed can be gone on with from its last checkpoint.
  if (batch.some(({ type }) => type === 'runFailed')) void refreshRuns();
  for (const event of batch) {
    const isOurs = event.type === 'comparisonProgressed' && useShelf.getState().comparing?.runId === event.runId;
    if (isOurs) useShelf.setState({ comparing: { runId: event.runId, done: event.done, total: event.total } });
  }
});

/** The settings a first-time reader finds: the first task at its defaults, the first preset. */
export function defaultSettings(catalogue: Catalogue): RunSettings {
  const task = catalogue.tasks[0];
  const preset = catalogue.presets[0];
  return {
    task: task?.name ?? '',
    difficulty: Object.fromEntries((task?.dials ?? []).map((dial) => [dial.name, dial.default])),
    preset: preset?.name ?? '',
    config: grpoConfig(preset?.options ?? {}),
    evalProblems: 64,
    evalEvery: 10,
    checkpointEvery: 10,
  };
}

/** The settings of the next run: the reader's, if their task and preset still exist. */
export function draftSettings(catalogue: Catalogue, draft: RunSettings | undefined): RunSettings {
  const isKnown = catalogue.tasks.some(({ name }) => name === draft?.task);
  return draft !== undefined && isKnown ? draft : defaultSettings(catalogue);
}

export function setDraft(draft: RunSettings): void {
  setPreferences({ draft });
}

/** Leaves the open run, which can be opened again from the list. */
export function leaveRun(): void {
  stopPlaying();
  stopPlaying = () => {};
  dispatch({ type: 'runClosed' });
  resetInspect();
  useShelf.setState(emptyComparison);
}

/** Sends a command about the open run, or to have one; false if it was refused, or another one is on its way. */
export async function command(
  name: NonNullable<RunShelf['pending']>,
  send: () => Promise<Result<RunRecord>>,
): Promise<boolean> {
  if (useShelf.getState().pending !== undefined) return false;
  useShelf.setState({ pending: name, problem: undefined, steppedBack: undefined });
  const result = await send();
  useShelf.setState({ pending: undefined, problem: result.ok ? undefined : result.error });
  if (result.ok) dispatch({ type: 'runChanged', run: result.value });
  void refreshRuns();
  return result.ok;
}

export const pauseRun = () => command('pause', () => callEngine((api) => api.pauseRun()));
export const resumeRun = () => command('resume', () => callEngine((api) => api.resumeRun()));
export const stopRun = () => command('stop', () => callEngine((api) => api.stopRun()));

/** Pauses the open run, or goes on with it. Nothing new is started: that takes a button. */
export async function pauseOrResume(): Promise<void> {
  const state = useRun.getState();
  if (isTraining(state)) await pauseRun();
  else if (isOpenRun(state)) await resumeRun();
}

/** Opens a stored run at its last checkpoint, paused; goes on with it at once if asked to, and if no other tab has it. */
export async function openRun(runId: string, andResume = false): Promise<void> {
  if (useShelf.getState().pending !== undefined) return;
  useShelf.setState({ pending: 'open', problem: undefined });
  const result = await whileLoading(() => callEngine((api) => api.openRun(runId)));
  useShelf.setState({ pending: undefined, problem: result.ok ? undefined : result.error });
  if (!result.ok) return;
  const expected = useShelf.getState().stored.find(({ id }) => id === runId)?.savedStep ?? 0;
  leaveRun();
  dispatch({ type: 'runOpened', ...result.value });
  const { step } = result.value.run;
  if (andResume && !result.value.isElsewhere) await resumeRun();
  if (!result.value.isElsewhere && step < expected) useShelf.setState({ steppedBack: { from: expected, to: step } });
}

/** Has the open run saved soon, since the page may be about to go. */
export async function saveRunSoon(): Promise<void> {
  if (!isTraining(useRun.getState())) return;
  await callEngine(async (api) => {
    await api.saveRun();
    return { ok: true, value: null };
  });
}

export async function deleteRun(runId: string): Promise<void> {
  const result = await callEngine((api) => api.deleteRun(runId));
  useShelf.setState({ problem: result.ok ? undefined : result.error });
  if (result.ok && useRun.getState().run?.id === runId) leaveRun();
  await refreshRuns();
}

/**
 * Loads another model; a run that was open here is left, to be opened again from the list. A shipped one opens next
 * time, too.
 */
export async function loadAnotherModel(source: ModelSource): Promise<Result<ModelInfo>> {
  const result = await loadModel(source);
  if (result.ok && source.kind === 'shipped') setPreferences({ model: source.id });
  if (result.ok && useRun.getState().origin === 'live') leaveRun();
  await refreshRuns();
  return result;
}

/** Brings a lost engine back, and with it the run that was open, at its last checkpoint. */
export async function recover(): Promise<void> {
  const { run, origin, phase } = useRun.getState();
  await reconnectEngine();
  if (run !== undefined && origin === 'live' && phase !== 'finished') await openRun(run.id);
}

/** Reads the list of stored runs again. */
export async function refreshRuns(): Promise<void> {
  const result = await callEngine((api) => api.listRuns());
  if (result.ok) useShelf.setState({ stored: result.value });
}

/** Answers held-out questions with the model before the run and the model now. */
export async function compare(numProblems: number, seed: number): Promise<void> {
  const runId = useRun.getState().run?.id;
  if (runId === undefined || useShelf.getState().comparing !== undefined) return;
  useShelf.setState({ comparing: { runId, done: 0, total: 0 }, compareProblem: undefined });
  const result = await callEngine((api) => api.beforeAfter(numProblems, seed));
  // The run may have been left meanwhile, and another one be compared.
  if (useShelf.getState().comparing?.runId !== runId) return;
  useShelf.setState({ comparing: undefined });
  if (!result.ok) useShelf.setState({ compareProblem: result.error });
  else if (result.value !== null) useShelf.setState({ beforeAfter: result.value });
}

export async function stopComparing(): Promise<void> {
  await callEngine(async (api) => {
    await api.stopBeforeAfter();
    return { ok: true, value: null };
  });
}

/** Fetches the recorded run that comes with the page, once. */
export async function fetchRecordedRun(): Promise<void> {
  recording ??= await fetchRecording('run', 'run');
  const records = recording?.events.flatMap(({ event }) => (event.type === 'runChanged' ? [event.run] : []));
  const steps = recording?.events.flatMap(({ event }) => (event.type === 'stepFinished' ? [event.step] : [])) ?? [];
  const [run] = records ?? [];
  if (run)
    useShelf.setState({ recorded: { run: { ...run, step: steps.at(-1)?.step ?? 0, status: 'finished' }, steps } });
}

/** Plays the recorded run, unless a run is open. */
export async function playRecordedRun(): Promise<void> {
  await fetchRecordedRun();
  const { origin } = useRun.getState();
  const isFree = origin === 'none' || origin === 'recorded';
  if (recording === undefined || !isFree || useShelf.getState().pending !== undefined) return;
  leaveRun();
  dispatch({ type: 'recordingOpened' });
  const { events, beforeAfter } = recording;
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const onEnd = () => {
    const { run } = useRun.getState();
    if (run !== undefined) dispatch({ type: 'runChanged', run: { ...run, status: 'finished' } });
    useShelf.setState({ beforeAfter });
  };
  stopPlaying = play(events, (batch) => dispatch(...batch), { durationMs: isStill ? 0 : PLAY_RUN_MS, onEnd });
}

/** Where the recorded run comes from, if one was found. */
export function recordedRun(): RunRecording | undefined {
  return recording;
}

/** The draft of this browser, for callers outside React. */
export function currentDraft(catalogue: Catalogue | undefined): RunSettings | undefined {
  return catalogue && draftSettings(catalogue, usePreferences.getState().draft);
}
