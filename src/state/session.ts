// The engine as the page holds it: connecting, the loaded model, the events' way into the stores.
import { create } from 'zustand';
import { describeError } from '../lib/errors';
import type { EngineHandle } from '../worker/client';
import type {
  Catalogue,
  DescribedError,
  EngineApi,
  EngineEvent,
  ExpertLoad,
  ModelInfo,
  ModelSource,
  Result,
  WorkCost,
} from '../worker/protocol';
import { usePreferences } from './preferences';
import { openingModel } from './shipped';

/** A model this small is fetched without asking. */
const AUTO_LOAD_BYTES = 32 * 2 ** 20;

type LoadProgress = Omit<Extract<EngineEvent, { type: 'modelLoadProgressed' }>, 'type'>;

export interface SessionState {
  readonly status: 'opening' | 'ready' | 'unavailable';
  readonly catalogue: Catalogue | undefined;
  /** Why there is no engine, or why it was lost. */
  readonly problem: DescribedError | undefined;
  readonly model: ModelInfo | undefined;
  readonly loading: LoadProgress | undefined;
  /** Why the last model asked for could not be loaded; the one before stays usable. */
  readonly modelProblem: DescribedError | undefined;
  /** Of the last answer or training step. */
  readonly expertLoad: readonly ExpertLoad[];
  /** What the last answer and the last training step of this model cost. */
  readonly costs: { readonly ask?: WorkCost; readonly step?: WorkCost };
}

export const useSession = create<SessionState>()(() => ({
  status: 'opening',
  catalogue: undefined,
  problem: undefined,
  model: undefined,
  loading: undefined,
  modelProblem: undefined,
  expertLoad: [],
  costs: {},
}));

const NO_ENGINE: DescribedError = {
  code: 'no_engine',
  userMessage: 'There is no engine to do this.',
  remedy: 'Open this page in a browser with WebGPU, or reconnect.',
};

let handle: EngineHandle | undefined;
let opening: Promise<void> | undefined;
let lastSource: ModelSource | undefined;
let loadingModel: Promise<Result<ModelInfo>> | undefined;
const listeners = new Set<(batch: readonly EngineEvent[]) => void>();

/** Hears every batch of engine events from now on. */
export function onEngineEvents(listener: (batch: readonly EngineEvent[]) => void): void {
  listeners.add(listener);
}

function reduceSession(state: SessionState, event: EngineEvent): SessionState {
  switch (event.type) {
    case 'modelLoadProgressed':
      // Events come a little after the answer to the command: what is over must not begin again.
      return state.loading === undefined ? state : { ...state, loading: event };
    case 'modelLoaded':
      return { ...state, model: event.model, loading: undefined, modelProblem: undefined, expertLoad: [], costs: {} };
    case 'askFinished':
    case 'stepFinished':
      return event.expertLoad.length > 0 ? { ...state, expertLoad: event.expertLoad } : state;
    case 'workMeasured':
      return { ...state, costs: { ...state.costs, [event.work]: event.cost } };
    case 'deviceLost':
      return { ...state, problem: event.error, loading: undefined };
    default:
      return state;
  }
}

function receive(batch: readonly EngineEvent[]): void {
  useSession.setState((state) => batch.reduce(reduceSession, state));
  for (const listener of listeners) listener(batch);
}

/** Calls the engine; whatever goes wrong comes back as a problem to show. */
export async function callEngine<T>(command: (api: EngineApi) => Promise<Result<T>>): Promise<Result<T>> {
  if (handle === undefined) return { ok: false, error: useSession.getState().problem ?? NO_ENGINE };
  try {
    return await command(handle.api);
  } catch (error) {
    return { ok: false, error: describeError(error) };
  }
}

/** Finds a device and loads the starter model if it is small. Never rejects: the state says how it went. */
export function openEngine(): Promise<void> {
  opening = open();
  return opening;
}

async function open(): Promise<void> {
  useSession.setState({ status: 'opening', problem: undefined });
  if (!('gpu' in navigator)) {
    const error = { code: 'webgpu_missing', userMessage: '', remedy: '' } as const;
    useSession.setState({ status: 'unavailable', problem: error });
    return;
  }
  let opened: Result<Catalogue>;
  try {
    const { startEngine } = await import('../worker/client');
    handle = startEngine();
    opened = await handle.api.open(receive);
  } catch (error) {
    opened = { ok: false, error: describeError(error) };
  }
  if (!opened.ok) {
    handle?.terminate();
    handle = undefined;
    useSession.setState({ status: 'unavailable', problem: opened.error });
    return;
  }
  useSession.setState({ status: 'ready', catalogue: opened.value });
  const starter = openingModel(opened.value.models, usePreferences.getState().model);
  if (starter !== undefined && starter.sizeBytes <= AUTO_LOAD_BYTES)
    void loadModel({ kind: 'shipped', id: starter.id });
}

/** Ends the engine at once and opens it again, with the model it had; files from disk are gone, so then the starter. */
export async function reconnectEngine(): Promise<void> {
  handle?.terminate();
  handle = undefined;
  useSession.setState({ model: undefined, loading: undefined });
  const source = lastSource;
  await openEngine();
  if (source !== undefined && source.kind !== 'files') await loadModel(source);
}

/** Loads a model; on failure the one before stays. */
export async function loadModel(source: ModelSource): Promise<Result<ModelInfo>> {
  loadingModel = whileLoading(() => callEngine((api) => api.loadModel(source)));
  const result = await loadingModel;
  if (result.ok) {
    lastSource = source;
    useSession.setState({ model: result.value });
  } else useSession.setState({ modelProblem: result.error });
  return result;
}

/** Shows the progress of a command that puts a model on the device. */
export async function whileLoading<T>(command: () => Promise<T>): Promise<T> {
  useSession.setState({ modelProblem: undefined, loading: { stage: 'download', done: 0, total: 0 } });
  const result = await command();
  useSession.setState({ loading: undefined });
  return result;
}

/** The loaded model, waiting for one that is on its way, else loading the starter. */
export async function requireModel(): Promise<Result<ModelInfo>> {
  await opening;
  const { model, loading, catalogue } = useSession.getState();
  if (model !== undefined) return { ok: true, value: model };
  if (loading !== undefined && loadingModel !== undefined) return loadingModel;
  const starter = openingModel(catalogue?.models ?? [], usePreferences.getState().model);
  if (starter === undefined) {
    const error: DescribedError = {
      code: 'no_model',
      userMessage: 'No model is loaded.',
      remedy: 'Load a model folder under Models.',
    };
    return { ok: false, error: useSession.getState().problem ?? error };
  }
  return loadModel({ kind: 'shipped', id: starter.id });
}

/** Asks the engine how much memory the model takes now. */
export async function refreshModelInfo(): Promise<void> {
  const info = await callEngine((api) => api.modelInfo());
  if (info.ok) useSession.setState({ model: info.value });
}
