// The open training run: the store around the run reducer, and what a reader can do with it.
import { create } from 'zustand';
import type {
  AnswerReading,
  Catalogue,
  EngineApi,
  EngineEvent,
  ModelInfo,
  ModelSource,
  Result,
  RolloutGroup,
  RunRecord,
  RunSettings,
} from '../protocol/protocol';
import { draftSettings } from './draft';
import type { InspectStore } from './inspect';
import type { PreferenceStore } from './preferences';
import { isOpenRun, isTraining, noRun, type RunEvent, type RunState, reduceRun } from './runReducer';
import { emptyComparison, emptyShelf, type RunShelf } from './runShelf';
import type { Session } from './session';

/** What the open run reaches. */
export interface RunWorld {
  readonly session: Session;
  readonly inspect: Pick<InspectStore, 'keepRollouts' | 'resetInspect'>;
  readonly preferences: PreferenceStore;
}

/** Has the weights as they are now read an answer of the last step. */
export type ReadAnswer = (group: RolloutGroup, member: number) => Promise<Result<AnswerReading>>;

export class RunStore {
  readonly useRun = create<RunState>()(() => noRun);
  readonly useShelf = create<RunShelf>()(() => emptyShelf);
  #stopPlaying = () => {};

  constructor(private readonly world: RunWorld) {
    world.session.onEngineEvents((batch) => this.#receive(batch));
  }

  setDraft = (draft: RunSettings): void => {
    this.world.preferences.setPreferences({ draft });
  };

  /** The draft of this browser, for callers outside React. */
  currentDraft = (catalogue: Catalogue | undefined): RunSettings | undefined =>
    catalogue && draftSettings(catalogue, this.world.preferences.usePreferences.getState().draft);

  /** Leaves the open run, which can be opened again from the list. */
  leaveRun = (): void => {
    this.#stopPlaying();
    this.#stopPlaying = () => {};
    this.#dispatch({ type: 'runClosed' });
    this.world.inspect.resetInspect();
    this.useShelf.setState(emptyComparison);
  };

  /** How answers of a step are read again; undefined where they are not of the open run's last step. */
  readAgainAt = ({ run, origin, steps }: RunState, step: number): ReadAnswer | undefined => {
    if (run === undefined || origin !== 'live' || steps.at(-1)?.step !== step) return undefined;
    return (group, member) =>
      this.world.session.callEngine((api) => api.readAgain(run.id, group.step, group.index, member));
  };

  /** Sends a command about the open run, or to have one; false if it was refused, or another one is on its way. */
  command = async (
    name: NonNullable<RunShelf['pending']>,
    send: () => Promise<Result<RunRecord>>,
  ): Promise<boolean> => {
    if (this.useShelf.getState().pending !== undefined) return false;
    this.useShelf.setState({ pending: name, problem: undefined, steppedBack: undefined });
    const result = await send();
    this.useShelf.setState({ pending: undefined, problem: result.ok ? undefined : result.error });
    if (result.ok) this.#dispatch({ type: 'runChanged', run: result.value });
    void this.refreshRuns();
    return result.ok;
  };

  pauseRun = () => this.command('pause', () => this.#call((api) => api.pauseRun()));
  resumeRun = () => this.command('resume', () => this.#call((api) => api.resumeRun()));
  stopRun = () => this.command('stop', () => this.#call((api) => api.stopRun()));

  /** Pauses the open run, or goes on with it. Nothing new is started: that takes a button. */
  pauseOrResume = async (): Promise<void> => {
    const state = this.useRun.getState();
    if (isTraining(state)) await this.pauseRun();
    else if (isOpenRun(state)) await this.resumeRun();
  };

  /** Takes the open run back to a checkpoint from before something went wrong; what came after it is forgotten. */
  goBackTo = async (step: number): Promise<void> => {
    const state = this.useRun.getState();
    if (state.run === undefined || state.origin !== 'live') return;
    if (isTraining(state) && !(await this.pauseRun())) return;
    await this.openRun(state.run.id, false, step);
  };

  /**
   * Opens a stored run at its last checkpoint, paused; goes on with it at once if asked to, and if no other tab has it.
   * @param atMost forgets checkpoints after this step.
   */
  openRun = async (runId: string, andResume = false, atMost?: number): Promise<void> => {
    if (this.useShelf.getState().pending !== undefined) return;
    this.useShelf.setState({ pending: 'open', problem: undefined });
    const at = atMost === undefined ? [] : [atMost];
    const result = await this.world.session.whileLoading(() => this.#call((api) => api.openRun(runId, ...at)));
    this.useShelf.setState({ pending: undefined, problem: result.ok ? undefined : result.error });
    if (!result.ok) return;
    const expected = this.useShelf.getState().stored.find(({ id }) => id === runId)?.savedStep ?? 0;
    this.leaveRun();
    this.#dispatch({ type: 'runOpened', ...result.value });
    const { run, isElsewhere, isToSee = false } = result.value;
    if (isToSee) return;
    if (andResume && !isElsewhere) await this.resumeRun();
    if (!isElsewhere && atMost === undefined && run.step < expected) {
      this.useShelf.setState({ steppedBack: { from: expected, to: run.step } });
    }
  };

  /** Takes over what is said of the open run. */
  tellRun = ({ id, label = '', note = '', codeWaits = false }: RunRecord): void => {
    const { run } = this.useRun.getState();
    if (run?.id === id) this.useRun.setState({ run: { ...run, label, note, codeWaits } });
  };

  /** Has the open run saved soon, since the page may be about to go. */
  saveRunSoon = async (): Promise<void> => {
    if (isTraining(this.useRun.getState())) await this.world.session.tellEngine((api) => api.saveRun());
  };

  deleteRun = async (runId: string): Promise<void> => {
    const result = await this.#call((api) => api.deleteRun(runId));
    this.useShelf.setState({ problem: result.ok ? undefined : result.error });
    if (result.ok && this.useRun.getState().run?.id === runId) this.leaveRun();
    await this.refreshRuns();
  };

  /**
   * Loads another model; a run that was open here is left, to be opened again from the list. A shipped one opens next
   * time, too, where the reader chose it.
   */
  loadAnotherModel = async (source: ModelSource, isChosen = true): Promise<Result<ModelInfo>> => {
    const result = await this.world.session.loadModel(source);
    if (result.ok && isChosen && source.kind === 'shipped') this.world.preferences.setPreferences({ model: source.id });
    if (result.ok && this.useRun.getState().origin === 'live') this.leaveRun();
    await this.refreshRuns();
    return result;
  };

  /** Brings a lost engine back, and with it the run that was open, at its last checkpoint. */
  recover = async (): Promise<void> => {
    const { run, origin, phase } = this.useRun.getState();
    await this.world.session.reconnectEngine();
    if (run !== undefined && origin === 'live' && phase !== 'finished') await this.openRun(run.id);
  };

  /** Opens the open run again at its last checkpoint, where the engine left it. */
  reopenRun = async (): Promise<void> => {
    const { run, origin } = this.useRun.getState();
    if (run !== undefined && origin === 'live') await this.openRun(run.id);
  };

  /** Reads the list of stored runs again. */
  refreshRuns = async (): Promise<void> => {
    const result = await this.#call((api) => api.listRuns());
    if (result.ok) this.useShelf.setState({ stored: result.value });
  };

  /** Answers held-out questions with the model before the run and the model now. */
  compare = async (numProblems: number, seed: number): Promise<void> => {
    const runId = this.useRun.getState().run?.id;
    if (runId === undefined || this.useShelf.getState().comparing !== undefined) return;
    this.useShelf.setState({ comparing: { runId, done: 0, total: 0 }, compareProblem: undefined });
    const result = await this.#call((api) => api.beforeAfter(numProblems, seed));
    // The run may have been left meanwhile, and another one be compared.
    if (this.useShelf.getState().comparing?.runId !== runId) return;
    this.useShelf.setState({ comparing: undefined });
    if (!result.ok) this.useShelf.setState({ compareProblem: result.error });
    else if (result.value !== null) this.useShelf.setState({ beforeAfter: result.value });
  };

  stopComparing = () => this.world.session.tellEngine((api) => api.stopBeforeAfter());

  /**
   * Shows a recording in the place of what is open, until that is left.
   * @param play tells its events, and returns what ends that
   */
  showRecording = (play: (emit: (batch: readonly EngineEvent[]) => void) => () => void): void => {
    this.leaveRun();
    this.#dispatch({ type: 'recordingOpened' });
    this.#stopPlaying = play((batch) => this.#dispatch(...batch));
  };

  #call<T>(command: (api: EngineApi) => Promise<Result<T>>): Promise<Result<T>> {
    return this.world.session.callEngine(command);
  }

  #dispatch(...events: readonly RunEvent[]): void {
    this.useRun.setState((state) => events.reduce(reduceRun, state));
    const { run, origin } = this.useRun.getState();
    for (const event of events) {
      if (event.type === 'stepFinished' && event.runId === run?.id) {
        this.world.inspect.keepRollouts(event.step.step, event.groups, origin === 'recorded');
      }
    }
  }

  #receive(batch: readonly EngineEvent[]): void {
    if (this.useRun.getState().origin !== 'recorded') this.#dispatch(...batch);
    // A run changes the loaded model; its name and memory are read again when the run comes to rest.
    const isAtRest = batch.some((event) => event.type === 'runChanged' && event.run.status !== 'running');
    if (isAtRest) void this.world.session.refreshModelInfo();
    // A run that failed can be gone on with from its last checkpoint.
    if (batch.some(({ type }) => type === 'runFailed')) void this.refreshRuns();
    for (const event of batch) {
      if (event.type !== 'comparisonProgressed') continue;
      const { runId, done, total } = event;
      if (this.useShelf.getState().comparing?.runId === runId)
        this.useShelf.setState({ comparing: { runId, done, total } });
    }
  }
}
