// The open question: the store around the ask reducer, and what a reader can do with it.
import { create } from 'zustand';
import { lineageName, lineageOf } from '../worker/lineage';
import type { AskRequest, ModelInfo, ThinkingControl } from '../worker/protocol';
import type { AskRecording } from '../worker/recording';
import {
  type AskEvent,
  type AskState,
  initialAsk,
  isAnswering,
  isShowingLess,
  reduceAsk,
  shownSample,
} from './askReducer';
import { showInvalidField } from './invalidFields';
import type { Pace } from './pacer';
import { fetchRecording } from './player';
import { type AskSettings, setAskSettings, setPreferences, usePreferences } from './preferences';
import { useRun } from './run';
import { isTraining } from './runReducer';
import { callEngine, onEngineEvents, requireModel, useSession } from './session';
import type { PaneMode } from './thinkingPane';

const { paneMode, paneOpen } = usePreferences.getState();
export const useAsk = create<AskState>()(() => initialAsk(paneMode, paneOpen));

/** What is typed in the box; it outlives the screen. */
export const useQuestion = create<{ readonly text: string }>()(() => ({ text: '' }));
export const writeQuestion = (text: string) => useQuestion.setState({ text });

let recording: AskRecording | undefined;
let alarm: ReturnType<typeof setTimeout> | undefined;

/** Takes events in, shows what is due, and sets the alarm for what is due next. */
function dispatch(...events: readonly AskEvent[]): void {
  useAsk.setState((state) => tick(events.reduce(reduceAsk, state)));
  clearTimeout(alarm);
  const { dueMs } = useAsk.getState();
  if (dueMs !== undefined) alarm = setTimeout(dispatch, Math.max(0, dueMs - performance.now()));
}

function tick(state: AskState, steps = 0): AskState {
  // A recording is for show: where motion is unwanted it is there at once.
  const isStill = state.origin === 'recorded' && matchMedia('(prefers-reduced-motion: reduce)').matches;
  const pace = isStill ? 'live' : usePreferences.getState().pace;
  return reduceAsk(state, { type: 'ticked', nowMs: performance.now(), pace, steps });
}

onEngineEvents((batch) => {
  if (useAsk.getState().origin !== 'live') return;
  dispatch(...batch);
  if (batch.some(({ type }) => type === 'askStarted')) nameAnswerer();
});

function nameAnswerer(): void {
  const state = useRun.getState();
  const run = isTraining(state) ? state.run : undefined;
  // The name of the loaded model is read again only when its run comes to rest.
  const name = run ? lineageName(lineageOf(run)) : useSession.getState().model?.name;
  if (name !== undefined) dispatch({ type: 'answererKnown', answerer: { name, ...(run && { step: run.step }) } });
}

function thinkingControl({ thinking, thinkingBudget, waits }: AskSettings): ThinkingControl | null {
  switch (thinking) {
    case 'free':
      return null;
    case 'none':
      return { budget: 0, waits: 0 };
    case 'budget':
      return { budget: thinkingBudget, waits: 0 };
    case 'wait':
      return { budget: null, waits };
  }
}

/** The question as these settings have it asked; what they leave open, a model settles as it was trained. */
export function askRequest(
  question: string,
  settings: AskSettings,
  { generation }: Pick<ModelInfo, 'generation'>,
): AskRequest {
  const { seed, samples } = settings;
  return {
    question: question.trim(),
    temperature: settings.temperature ?? generation.temperature,
    topP: settings.topP ?? generation.topP,
    topK: settings.topK ?? generation.topK,
    maxTokens: settings.maxTokens ?? generation.maxNewTokens,
    ...{ seed, samples },
    thinking: thinkingControl(settings),
  };
}

/** What stands beside a question until the model that it is for has been read. */
const USUAL: Pick<ModelInfo, 'generation'> = { generation: { temperature: 1, topP: 1, topK: 0, maxNewTokens: 96 } };

/**
 * Asks the loaded model, loading the starter first if there is none. Not while it computes, or a field shows what it
 * cannot take.
 */
export async function ask(question: string): Promise<void> {
  if (useAsk.getState().isComputing || showInvalidField()) return;
  const { ask: settings } = usePreferences.getState();
  const known = useSession.getState().model;
  dispatch({ type: 'questionAsked', request: askRequest(question, settings, known ?? USUAL), origin: 'live' });
  const model = await requireModel();
  if (!model.ok) return dispatch({ type: 'askRefused', error: model.error });
  const request = askRequest(question, settings, model.value);
  if (!known) dispatch({ type: 'requestSettled', request });
  const started = await callEngine((api) => api.ask(request));
  dispatch(started.ok ? { type: 'askTaken' } : { type: 'askRefused', error: started.error });
}

/** The same question with the next seed. */
export async function askAgain(): Promise<void> {
  const { request, origin, isComputing } = useAsk.getState();
  if (request === undefined || isComputing || showInvalidField()) return;
  if (origin === 'live') setAskSettings({ seed: usePreferences.getState().ask.seed + 1 });
  await ask(request.question);
}

/** Ends the answer where it is: the engine stops, and no token more is shown. */
export async function stopAsk(): Promise<void> {
  const { isComputing } = useAsk.getState();
  dispatch({ type: 'stopRequested' });
  if (isComputing) await callEngine(async (api) => ({ ok: true, value: await api.stopAsk() }));
}

/** Shows the next token, where tokens come at a press; false where none waits for one. */
export function showNextToken(): boolean {
  if (usePreferences.getState().pace !== 'step' || !isShowingLess(useAsk.getState())) return false;
  useAsk.setState((state) => tick(state, 1));
  return true;
}

/** Shows at once what has come of the answer and what will. */
export function showRestOfAnswer(): void {
  dispatch({ type: 'restWanted' });
}

/** Chooses how fast the thinking is shown, from now on. */
export function choosePace(pace: Pace): void {
  setPreferences({ pace });
  dispatch();
}

/** Shows one of several answers in the panes. */
export function chooseSample(sample: number): void {
  dispatch({ type: 'sampleChosen', sample });
}

/** Shows the next of several answers, or the one before (-1), around the ends. */
export function moveSample(by: number): void {
  const { samples, chosen } = useAsk.getState();
  if (samples.length > 1) chooseSample((chosen + by + samples.length) % samples.length);
}

/** Finds out which experts the tokens of the shown answer go to, unless that is known. */
export async function readExpertChoices(): Promise<void> {
  const state = useAsk.getState();
  const { askId, chosen: sample, origin } = state;
  if (askId === undefined || origin === 'recorded' || isAnswering(state) || shownSample(state).choices) return;
  const choices = await callEngine((api) => api.expertChoices(askId, sample));
  dispatch({ type: 'choicesRead', askId, sample, choices });
}

/** Opens or closes the thinking pane by hand; remembered. */
export function togglePane(): void {
  dispatch({ type: 'paneToggled' });
  setPreferences({ paneOpen: useAsk.getState().pane.userOpen });
}

/** Chooses when the thinking pane is open; forgets what was done by hand. */
export function choosePaneMode(mode: PaneMode): void {
  dispatch({ type: 'modeChosen', mode });
  setPreferences({ paneMode: mode, paneOpen: undefined });
}

/** Where the recorded answer comes from, if one was found. */
export function recordedAnswer(): AskRecording | undefined {
  return recording;
}

/** Plays the recorded answer, unless the reader has asked something already, or another model than its own is there to ask. */
export async function playRecordedAnswer(): Promise<void> {
  recording ??= await fetchRecording('answer', 'ask');
  const { request, origin } = useAsk.getState();
  if (recording === undefined || (request !== undefined && origin === 'live') || !isOfModel(recording)) return;
  const { events, madeBy } = recording;
  dispatch(
    { type: 'questionAsked', request: recording.request, origin: 'recorded' },
    { type: 'askTaken' },
    { type: 'answererKnown', answerer: { name: madeBy.model } },
    ...events.map(({ event }) => event),
  );
}

const isOfModel = ({ madeBy }: AskRecording, name = useSession.getState().model?.name) =>
  name === undefined || name === madeBy.model;

// One model's recording does not stand where another is asked.
useSession.subscribe(({ model }) => {
  const { origin, pane } = useAsk.getState();
  if (origin === 'recorded' && recording && !isOfModel(recording, model?.name))
    useAsk.setState(initialAsk(pane.mode, pane.userOpen));
});
