// The engine as the page holds it: connecting, the loaded model, the events' way into the stores.
import { create, type StoreApi, type UseBoundStore } from 'zustand';
import { describeError } from '../lib/errors';
import type { EngineHandle } from '../protocol/client';
import type {
  Catalogue,
  DescribedError,
  DeviceInfo,
  DeviceWish,
  EngineApi,
  EngineEvent,
  ExpertLoad,
  ModelInfo,
  ModelSource,
  Result,
  ShippedModel,
  WorkCost,
} from '../protocol/protocol';
import type { PreferenceStore } from './preferences';
import { openingModel } from './shipped';

/** A model this small is fetched without asking. */
const AUTO_LOAD_BYTES = 32 * 2 ** 20;

type LoadProgress = Omit<Extract<EngineEvent, { type: 'modelLoadProgressed' }>, 'type'>;

/** A model of the reader's own. */
export interface YourModel {
  /** Tells it from the others. */
  readonly key: string;
  /** The loaded model's, once it is that. */
  readonly name: string;
  readonly source: ModelSource;
}

export interface SessionState {
  readonly status: 'opening' | 'ready' | 'unavailable';
  /** What the engine is asked to compute on. */
  readonly wish: DeviceWish;
  readonly catalogue: Catalogue | undefined;
  /** Why there is no engine, or why it was lost. */
  readonly problem: DescribedError | undefined;
  readonly model: ModelInfo | undefined;
  /** The models of the reader's own, as far as they were read. */
  readonly yours: readonly YourModel[];
  readonly loading: LoadProgress | undefined;
  /** Why the last model asked for could not be loaded; the one before stays usable. */
  readonly modelProblem: DescribedError | undefined;
  /** Of the last answer or training step. */
  readonly expertLoad: readonly ExpertLoad[];
  /** What the last answer and the last training step of this model cost. */
  readonly costs: { readonly ask?: WorkCost; readonly step?: WorkCost };
}

const closed: SessionState = {
  status: 'opening',
  wish: 'auto',
  catalogue: undefined,
  problem: undefined,
  model: undefined,
  yours: [],
  loading: undefined,
  modelProblem: undefined,
  expertLoad: [],
  costs: {},
};

const NO_ENGINE: DescribedError = {
  code: 'no_engine',
  userMessage: 'There is no engine to do this.',
  remedy: 'Open this page in a current browser, or reconnect.',
};

const NO_MODEL: DescribedError = {
  code: 'no_model',
  userMessage: 'No model is loaded.',
  remedy: 'Load a model folder under Models.',
};

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
    case 'deviceChanged': {
      const { catalogue, costs } = state;
      const isSame = catalogue?.device.kind === event.device.kind;
      return { ...state, catalogue: catalogue && { ...catalogue, device: event.device }, costs: isSame ? costs : {} };
    }
    case 'deviceLost':
      return { ...state, problem: event.error, loading: undefined };
    default:
      return state;
  }
}

/** What a session reaches. */
export interface SessionWorld {
  readonly startEngine: () => Promise<EngineHandle>;
  /** What the page's address asks to compute on, before what the reader chose last. */
  readonly askedDevice?: DeviceWish | undefined;
  /** Id of the model that the page's address asks, before what the reader chose last. */
  readonly askedModel?: string | undefined;
  readonly preferences: PreferenceStore;
}

export class Session {
  readonly useSession: UseBoundStore<StoreApi<SessionState>>;
  #handle: EngineHandle | undefined;
  #opening: Promise<void> | undefined;
  #lastSource: ModelSource | undefined;
  #loadingModel: Promise<Result<ModelInfo>> | undefined;
  readonly #listeners = new Set<(batch: readonly EngineEvent[]) => void>();

  constructor(private readonly world: SessionWorld) {
    const { askedDevice, preferences } = world;
    const wish = askedDevice ?? preferences.usePreferences.getState().device;
    this.useSession = create(() => ({ ...closed, wish }));
  }

  /** Hears every batch of engine events from now on. */
  onEngineEvents = (listener: (batch: readonly EngineEvent[]) => void): void => {
    this.#listeners.add(listener);
  };

  /** Calls the engine; whatever goes wrong comes back as a problem to show. */
  callEngine = async <T>(command: (api: EngineApi) => Promise<Result<T>>): Promise<Result<T>> => {
    if (this.#handle === undefined) return { ok: false, error: this.useSession.getState().problem ?? NO_ENGINE };
    try {
      return await command(this.#handle.api);
    } catch (error) {
      return { ok: false, error: describeError(error) };
    }
  };

  /** Tells the engine something that it has no answer to. */
  tellEngine = async (command: (api: EngineApi) => Promise<void>): Promise<void> => {
    await this.callEngine(async (api) => ({ ok: true, value: await command(api) }));
  };

  /** Finds a device and loads the starter model if it is small. Never rejects: the state says how it went. */
  openEngine = (): Promise<void> => {
    this.#opening = this.#open();
    return this.#opening;
  };

  /** Ends the engine at once and opens it again, with the model it had; files from disk are gone, so then the starter. */
  reconnectEngine = async (): Promise<void> => {
    this.#end();
    this.useSession.setState({ model: undefined, loading: undefined });
    const source = this.#lastSource;
    await this.openEngine();
    if (source !== undefined && source.kind !== 'files') await this.loadModel(source);
  };

  /**
   * Computes on another device from now on, and whenever the page is opened, with the model as it is. Where that device does
   * not open, nothing is changed.
   */
  computeOn = async (wish: DeviceWish): Promise<Result<DeviceInfo | undefined>> => {
    const isWorking = this.#handle !== undefined && this.useSession.getState().problem === undefined;
    const moved = isWorking ? await this.callEngine((api) => api.computeOn(wish)) : undefined;
    if (moved?.ok === false) return moved;
    this.useSession.setState({ wish });
    this.world.preferences.setPreferences({ device: wish });
    if (moved) {
      this.#receive([{ type: 'deviceChanged', device: moved.value }]);
      await this.refreshModelInfo();
      return moved;
    }
    await this.reconnectEngine();
    return { ok: true, value: this.useSession.getState().catalogue?.device };
  };

  /** Loads a model; on failure the one before stays. */
  loadModel = async (source: ModelSource): Promise<Result<ModelInfo>> => {
    this.#loadingModel = this.whileLoading(() => this.callEngine((api) => api.loadModel(source)));
    const result = await this.#loadingModel;
    if (result.ok) {
      this.#lastSource = source;
      this.useSession.setState({ model: result.value });
    } else this.useSession.setState({ modelProblem: result.error });
    return result;
  };

  /** Shows the progress of a command that puts a model on the device. */
  whileLoading = async <T>(command: () => Promise<T>): Promise<T> => {
    this.useSession.setState({ modelProblem: undefined, loading: { stage: 'download', done: 0, total: 0 } });
    const result = await command();
    this.useSession.setState({ loading: undefined });
    return result;
  };

  /** Resolves when the engine is open, or cannot be opened. */
  whenOpen = async (): Promise<SessionState> => {
    await this.#opening;
    return this.useSession.getState();
  };

  /** The loaded model, waiting for one that is on its way, else loading the starter. */
  requireModel = async (): Promise<Result<ModelInfo>> => {
    await this.#opening;
    const { model, loading, catalogue, problem } = this.useSession.getState();
    if (model !== undefined) return { ok: true, value: model };
    if (loading !== undefined && this.#loadingModel !== undefined) return this.#loadingModel;
    const starter = this.#starter(catalogue);
    if (starter === undefined) return { ok: false, error: problem ?? NO_MODEL };
    return this.loadModel({ kind: 'shipped', id: starter.id });
  };

  /** Asks the engine how much memory the model takes now. */
  refreshModelInfo = async (): Promise<void> => {
    const info = await this.callEngine((api) => api.modelInfo());
    if (info.ok) this.useSession.setState({ model: info.value });
  };

  async #open(): Promise<void> {
    this.useSession.setState({ status: 'opening', problem: undefined });
    const opened = await this.#start();
    if (!opened.ok) {
      this.#end();
      this.useSession.setState({ status: 'unavailable', problem: opened.error });
      return;
    }
    this.useSession.setState({ status: 'ready', catalogue: opened.value });
    const starter = this.#starter(opened.value);
    if (starter !== undefined && starter.sizeBytes <= AUTO_LOAD_BYTES) {
      void this.loadModel({ kind: 'shipped', id: starter.id });
    }
  }

  async #start(): Promise<Result<Catalogue>> {
    try {
      this.#handle = await this.world.startEngine();
      return await this.#handle.api.open((batch) => this.#receive(batch), this.useSession.getState().wish);
    } catch (error) {
      return { ok: false, error: describeError(error) };
    }
  }

  #end(): void {
    this.#handle?.terminate();
    this.#handle = undefined;
  }

  #receive(batch: readonly EngineEvent[]): void {
    this.useSession.setState((state) => batch.reduce(reduceSession, state));
    for (const listener of this.#listeners) listener(batch);
    // It takes other memory there.
    if (batch.some(({ type }) => type === 'deviceChanged')) void this.refreshModelInfo();
  }

  #starter(catalogue: Catalogue | undefined): ShippedModel | undefined {
    const models = catalogue?.models ?? [];
    const asked = models.find(({ id }) => id === this.world.askedModel);
    return asked ?? openingModel(models, this.world.preferences.usePreferences.getState().model);
  }
}
