// The open question: the store around the ask reducer, and what a reader can do with it.
import { create } from 'zustand';
import type { AskRequest, ThinkingControl } from '../worker/protocol';
import type { AskRecording } from '../worker/recording';
import { type AskEvent, type AskState, initialAsk, isAnswering, reduceAsk, shownSample } from './askReducer';
import { showInvalidField } from './invalidFields';
import { fetchRecording, play } from './player';
import { type AskSettings, setAskSettings, setPreferences, usePreferences } from './preferences';
import { callEngine, onEngineEvents, requireModel } from './session';
import type { PaneMode } from './thinkingPane';

/** A recording of a very fast device is slowed down to what an eye can follow. */
const MIN_PLAY_MS = 2500;

const { paneMode, paneOpen } = usePreferences.getState();
export const useAsk = create<AskState>()(() => initialAsk(paneMode, paneOpen));

let stopPlaying = () => {};
let recording: AskRecording | undefined;

const dispatch = (...events: readonly AskEvent[]) => useAsk.setState((state) => events.reduce(reduceAsk, state));

onEngineEvents((batch) => {
  if (useAsk.getState().origin === 'live') dispatch(...batch);
});

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

/** The question as these settings have it asked. */
export function askRequest(question: string, settings: AskSettings): AskRequest {
  const { temperature, topP, topK, seed, maxTokens, samples } = settings;
  return {
    question: question.trim(),
    ...{ temperature, topP, topK, seed, maxTokens, samples },
    thinking: thinkingControl(settings),
  };
}

/** Asks the loaded model, loading the starter first if there is none. */
export async function ask(question: string): Promise<void> {
  const state = useAsk.getState();
  if ((state.origin === 'live' && isAnswering(state)) || showInvalidField()) return;
  stopPlaying();
  const request = askRequest(question, usePreferences.getState().ask);
  dispatch({ type: 'questionAsked', request, origin: 'live' });
  const model = await requireModel();
  const started = model.ok ? await callEngine((api) => api.ask(request)) : model;
  if (!started.ok) dispatch({ type: 'askRefused', error: started.error });
}

/** The same question with the next seed. */
export async function askAgain(): Promise<void> {
  const { request, origin } = useAsk.getState();
  if (request === undefined || showInvalidField()) return;
  if (origin === 'live') setAskSettings({ seed: usePreferences.getState().ask.seed + 1 });
  await ask(request.question);
}

/** Asks the engine to stop; the answer ends with the tokens it has. */
export async function stopAsk(): Promise<void> {
  const state = useAsk.getState();
  if (!isAnswering(state) || state.origin === 'recorded') return;
  dispatch({ type: 'stopRequested' });
  await callEngine(async (api) => ({ ok: true, value: await api.stopAsk() }));
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

/** Plays the recorded answer, unless the reader has asked something already. */
export async function playRecordedAnswer(): Promise<void> {
  recording ??= await fetchRecording('answer', 'ask');
  if (recording === undefined || (useAsk.getState().request !== undefined && useAsk.getState().origin === 'live'))
    return;
  stopPlaying();
  const lastMs = recording.events[recording.events.length - 1]?.atMs ?? 0;
  const durationMs = matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : Math.max(lastMs, MIN_PLAY_MS);
  dispatch({ type: 'questionAsked', request: recording.request, origin: 'recorded' });
  stopPlaying = play(recording.events, (batch) => dispatch(...batch), { durationMs });
}
