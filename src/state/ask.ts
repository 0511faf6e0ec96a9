// The open question: the store around the ask reducer, and what a reader can do with it.
import { create, type StoreApi, type UseBoundStore } from 'zustand';
import { lineageName, lineageOf } from '../protocol/lineage';
import type { ModelInfo, Result, TokenAttention } from '../protocol/protocol';
import type { AskRecording } from '../protocol/recording';
import {
  type AskEvent,
  type AskState,
  initialAsk,
  isAnswering,
  isShowingLess,
  reduceAsk,
  shownSample,
} from './askReducer';
import { askRequest } from './askRequest';
import type { Pace } from './pacer';
import type { AskSettings, PreferenceStore } from './preferences';
import type { FetchRecording } from './recordings';
import type { RunStore } from './run';
import { isTraining } from './runReducer';
import type { Session } from './session';
import type { PaneMode } from './thinkingPane';

/** What stands beside a question until the model that it is for has been read. */
const USUAL: Pick<ModelInfo, 'generation'> = { generation: { temperature: 1, topP: 1, topK: 0, maxNewTokens: 96 } };

/** What the open question reaches. */
export interface AskWorld {
  readonly session: Session;
  readonly runs: Pick<RunStore, 'useRun'>;
  readonly preferences: PreferenceStore;
  readonly fetchRecording: FetchRecording;
  /** Brings the reader to a field that shows what it cannot take; false if there is none. */
  readonly showInvalidField: () => boolean;
  /** Whether the reader wants no motion. */
  readonly isStill: () => boolean;
}

export class AskStore {
  readonly useAsk: UseBoundStore<StoreApi<AskState>>;
  /** What is typed in the box; it outlives the screen. */
  readonly useQuestion = create<{ readonly text: string }>()(() => ({ text: '' }));
  #recording: AskRecording | undefined;
  #alarm: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly world: AskWorld) {
    const { paneMode, paneOpen } = this.#preferences();
    this.useAsk = create<AskState>()(() => initialAsk(paneMode, paneOpen));
    world.session.onEngineEvents((batch) => {
      if (this.useAsk.getState().origin !== 'live') return;
      this.#dispatch(...batch);
      if (batch.some(({ type }) => type === 'askStarted')) this.#nameAnswerer();
    });
    // One model's recording does not stand where another is asked.
    world.session.useSession.subscribe(({ model }) => {
      const { origin, pane } = this.useAsk.getState();
      if (origin === 'recorded' && this.#recording && !isOfModel(this.#recording, model?.name)) {
        this.useAsk.setState(initialAsk(pane.mode, pane.userOpen));
      }
    });
  }

  writeQuestion = (text: string): void => {
    this.useQuestion.setState({ text });
  };

  /**
   * Asks the loaded model, loading the starter first if there is none. Not while it computes, or a field shows what it
   * cannot take.
   * @param opening ids of the tokens that the answer begins with
   * @param settings for this once, in the place of the reader's
   */
  ask = async (
    question: string,
    opening?: readonly number[],
    settings: AskSettings = this.#preferences().ask,
  ): Promise<void> => {
    if (this.useAsk.getState().isComputing || this.world.showInvalidField()) return;
    const requestOf = (model: Pick<ModelInfo, 'generation'>) => {
      return { ...askRequest(question, settings, model), ...(opening && { opening }) };
    };
    const known = this.world.session.useSession.getState().model;
    this.#dispatch({ type: 'questionAsked', request: requestOf(known ?? USUAL), origin: 'live' });
    const model = await this.world.session.requireModel();
    if (!model.ok) return this.#dispatch({ type: 'askRefused', error: model.error });
    const request = requestOf(model.value);
    if (!known) this.#dispatch({ type: 'requestSettled', request });
    const started = await this.world.session.callEngine((api) => api.ask(request));
    this.#dispatch(started.ok ? { type: 'askTaken' } : { type: 'askRefused', error: started.error });
  };

  /** The same question with the next seed. */
  askAgain = async (): Promise<void> => {
    const { request, origin, isComputing } = this.useAsk.getState();
    if (request === undefined || isComputing || this.world.showInvalidField()) return;
    if (origin === 'live') this.world.preferences.setAskSettings({ seed: this.#preferences().ask.seed + 1 });
    await this.ask(request.question);
  };

  /** Ends the answer where it is: the engine stops, and no token more is shown. */
  stopAsk = async (): Promise<void> => {
    const { isComputing } = this.useAsk.getState();
    this.#dispatch({ type: 'stopRequested' });
    if (isComputing) await this.world.session.tellEngine((api) => api.stopAsk());
  };

  /** Shows the next token, where tokens come at a press; false where none waits for one. */
  showNextToken = (): boolean => {
    if (this.#preferences().pace !== 'step' || !isShowingLess(this.useAsk.getState())) return false;
    this.useAsk.setState((state) => this.#tick(state, 1));
    return true;
  };

  /** Shows at once what has come of the answer and what will. */
  showRestOfAnswer = (): void => {
    this.#dispatch({ type: 'restWanted' });
  };

  /** Chooses how fast the thinking is shown, from now on. */
  choosePace = (pace: Pace): void => {
    this.world.preferences.setPreferences({ pace });
    this.#dispatch();
  };

  /** Shows one of several answers in the panes. */
  chooseSample = (sample: number): void => {
    this.#dispatch({ type: 'sampleChosen', sample });
  };

  /** Shows the next of several answers, or the one before (-1), around the ends. */
  moveSample = (by: number): void => {
    const { samples, chosen } = this.useAsk.getState();
    if (samples.length > 1) this.chooseSample((chosen + by + samples.length) % samples.length);
  };

  /** Finds out which experts the tokens of the shown answer go to, unless that is known. */
  readExpertChoices = async (): Promise<void> => {
    const state = this.useAsk.getState();
    const { askId, chosen: sample, origin } = state;
    if (askId === undefined || origin === 'recorded' || isAnswering(state) || shownSample(state).choices) return;
    const choices = await this.world.session.callEngine((api) => api.expertChoices(askId, sample));
    this.#dispatch({ type: 'choicesRead', askId, sample, choices });
  };

  /** What a token of the last question's answer attends to. */
  readAttention = (askId: number, sample: number, place: number): Promise<Result<TokenAttention>> =>
    this.world.session.callEngine((api) => api.attention(askId, sample, place));

  /** Opens or closes the thinking pane by hand; remembered. */
  togglePane = (): void => {
    this.#dispatch({ type: 'paneToggled' });
    this.world.preferences.setPreferences({ paneOpen: this.useAsk.getState().pane.userOpen });
  };

  /** Chooses when the thinking pane is open; forgets what was done by hand. */
  choosePaneMode = (mode: PaneMode): void => {
    this.#dispatch({ type: 'modeChosen', mode });
    this.world.preferences.setPreferences({ paneMode: mode, paneOpen: undefined });
  };

  /** Where the recorded answer comes from, if one was found. */
  recordedAnswer = (): AskRecording | undefined => this.#recording;

  /**
   * Plays the recorded answer, unless the reader has asked something already, or another model than its own is there to
   * ask.
   */
  playRecordedAnswer = async (): Promise<void> => {
    this.#recording ??= await this.world.fetchRecording('answer', 'ask');
    const { request, origin } = this.useAsk.getState();
    const isAsked = request !== undefined && origin === 'live';
    const { model } = this.world.session.useSession.getState();
    if (this.#recording === undefined || isAsked || !isOfModel(this.#recording, model?.name)) return;
    const { events, madeBy } = this.#recording;
    this.#dispatch(
      { type: 'questionAsked', request: this.#recording.request, origin: 'recorded' },
      { type: 'askTaken' },
      { type: 'answererKnown', answerer: { name: madeBy.model } },
      ...events.map(({ event }) => event),
    );
  };

  #preferences() {
    return this.world.preferences.usePreferences.getState();
  }

  /** Takes events in, shows what is due, and sets the alarm for what is due next. */
  #dispatch(...events: readonly AskEvent[]): void {
    this.useAsk.setState((state) => this.#tick(events.reduce(reduceAsk, state)));
    clearTimeout(this.#alarm);
    const { dueMs } = this.useAsk.getState();
    if (dueMs === undefined) return;
    this.#alarm = setTimeout(() => this.#dispatch(), Math.max(0, dueMs - performance.now()));
  }

  #tick(state: AskState, steps = 0): AskState {
    // A recording is for show: where motion is unwanted it is there at once.
    const isStill = state.origin === 'recorded' && this.world.isStill();
    const pace = isStill ? 'live' : this.#preferences().pace;
    return reduceAsk(state, { type: 'ticked', nowMs: performance.now(), pace, steps });
  }

  #nameAnswerer(): void {
    const state = this.world.runs.useRun.getState();
    const run = isTraining(state) ? state.run : undefined;
    // The name of the loaded model is read again only when its run comes to rest.
    const name = run ? lineageName(lineageOf(run)) : this.world.session.useSession.getState().model?.name;
    if (name !== undefined)
      this.#dispatch({ type: 'answererKnown', answerer: { name, ...(run && { step: run.step }) } });
  }
}

/** Where no model is there yet, a recording may play. */
const isOfModel = ({ madeBy }: AskRecording, name: string | undefined) => name === undefined || name === madeBy.model;
