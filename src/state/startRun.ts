// Starting a run: from where, whether that is a place to learn from, and then the run itself.
import type { ModelInfo, RunSettings } from '../protocol/protocol';
import type { RunStore } from './run';
import { isOpenRun } from './runReducer';
import type { StartDoubt } from './runShelf';
import type { Session } from './session';
import { chosenStart, isProven, lastRunOf, type Start } from './start';

interface StartOptions {
  /** It then waits for a step. */
  readonly paused?: boolean;
  /** The reader was told what to doubt. */
  readonly isSure?: boolean;
}

/** What the start of a run reaches. */
export interface StartWorld {
  readonly session: Session;
  readonly runs: RunStore;
  /** Brings the reader to a field that shows what it cannot take; false if there is none. */
  readonly showInvalidField: () => boolean;
}

export class RunStarter {
  readonly #session: Session;
  readonly #runs: RunStore;

  constructor(private readonly world: StartWorld) {
    this.#session = world.session;
    this.#runs = world.runs;
  }

  /** Chooses where the next run starts; undefined: where it would by itself. */
  chooseStart = (start: string | undefined): void => {
    this.#runs.useShelf.setState({ start });
  };

  /**
   * Starts a new run from the chosen place. Where that place is not known to be right at times it is tried first; if it
   * never is, the shelf's `doubt` says so, and nothing starts. Nothing starts either while a field shows what it cannot
   * take.
   */
  startRun = async (settings: RunSettings, { paused = false, isSure = false }: StartOptions = {}): Promise<boolean> => {
    if (this.world.showInvalidField() || this.#runs.useShelf.getState().pending !== undefined) return false;
    if (!isSure && (await this.#isDoubted(settings, paused))) return false;
    return this.#runs.command('start', async () => {
      const loaded = await this.#session.requireModel();
      if (!loaded.ok) return loaded;
      const start = this.#startNow(loaded.value);
      this.#runs.leaveRun();
      this.#runs.useShelf.setState({ start: undefined });
      const model = start === 'loaded' ? loaded : await this.#session.loadModel({ kind: 'shipped', id: start.id });
      return model.ok ? this.#session.callEngine((api) => api.startRun(settings, paused)) : model;
    });
  };

  /** Starts what was doubted; from another place if one is named. */
  startAnyway = async (from?: string): Promise<void> => {
    const { doubt } = this.#runs.useShelf.getState();
    if (doubt === undefined) return;
    const { settings, paused } = doubt;
    this.#runs.useShelf.setState({ doubt: undefined, ...(from !== undefined && { start: from }) });
    const isStarted = await this.startRun(settings, { paused, isSure: from === undefined });
    if (isStarted && paused) await this.#takeStep();
  };

  dismissDoubt = (): void => {
    this.#runs.useShelf.setState({ doubt: undefined });
  };

  /** One step: of the paused run, or of a new one with these settings that stays paused; nothing where there are none. */
  stepRun = async (settings?: RunSettings): Promise<void> => {
    const isOpen = isOpenRun(this.#runs.useRun.getState());
    if (isOpen || (settings !== undefined && (await this.startRun(settings, { paused: true })))) await this.#takeStep();
  };

  #startNow(model: ModelInfo): Start {
    const { catalogue } = this.#session.useSession.getState();
    return chosenStart(model, catalogue?.models ?? [], this.#runs.useShelf.getState().start);
  }

  async #isDoubted(settings: RunSettings, paused: boolean): Promise<boolean> {
    this.#runs.useShelf.setState({ pending: 'try', problem: undefined, doubt: undefined });
    const doubt = await this.#findDoubt(settings, paused);
    this.#runs.useShelf.setState({ pending: undefined, doubt });
    return doubt !== undefined;
  }

  async #findDoubt(settings: RunSettings, paused: boolean): Promise<StartDoubt | undefined> {
    const loaded = await this.#session.requireModel();
    // What keeps a model from loading keeps a run from starting, and is said there.
    if (!loaded.ok) return undefined;
    const start = this.#startNow(loaded.value);
    const models = this.#session.useSession.getState().catalogue?.models ?? [];
    if (isProven(start, settings, loaded.value, models, lastRunOf(this.#runs.useRun.getState()))) return undefined;
    const shippedId = start === 'loaded' ? undefined : start.id;
    const trial = await this.#session.callEngine((api) => api.tryStart(settings, shippedId));
    // What cannot be tried cannot be started either, and the engine then says why.
    if (!trial.ok || trial.value.right > 0) return undefined;
    return { settings, paused, start, model: shippedId ?? loaded.value.name, trial: trial.value };
  }

  #takeStep(): Promise<boolean> {
    return this.#runs.command('step', () => this.#session.callEngine((api) => api.stepRun()));
  }
}
