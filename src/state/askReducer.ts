// One question and its answer, as the page sees them: a pure reducer over what the reader does and the engine's events.
import type { AskRequest, AskSummary, EngineEvent, ExpertLoad, Problem, StreamedToken } from '../worker/protocol';
import { type PaneEvent, type PaneMode, type PaneState, reducePane } from './thinkingPane';

export interface AskState {
  /** Its phase is the phase of the answer. */
  readonly pane: PaneState;
  readonly origin: 'live' | 'recorded';
  readonly request: AskRequest | undefined;
  /** undefined until the engine has begun with the question. */
  readonly askId: number | undefined;
  readonly tokens: readonly StreamedToken[];
  readonly elapsedMs: number;
  /** Time from the first token to the end of thinking, as measured here; the summary's figure replaces it. */
  readonly thinkingMs: number;
  readonly summary: AskSummary | undefined;
  readonly problem: Problem | undefined;
  readonly isStopping: boolean;
  readonly expertLoad: readonly ExpertLoad[];
}

export type AskEvent =
  | EngineEvent
  | { readonly type: 'questionAsked'; readonly request: AskRequest; readonly origin: 'live' | 'recorded' }
  | { readonly type: 'askRefused'; readonly error: Problem }
  | { readonly type: 'stopRequested' }
  | { readonly type: 'paneToggled' }
  | { readonly type: 'modeChosen'; readonly mode: PaneMode };

export function initialAsk(mode: PaneMode, userOpen: boolean | undefined): AskState {
  return {
    pane: { phase: 'idle', mode, userOpen },
    origin: 'live',
    request: undefined,
    askId: undefined,
    tokens: [],
    elapsedMs: 0,
    thinkingMs: 0,
    summary: undefined,
    problem: undefined,
    isStopping: false,
    expertLoad: [],
  };
}

/** True from the question until the last token, the refusal or the stop. */
export function isAnswering(state: AskState): boolean {
  return state.pane.phase === 'thinking' || state.pane.phase === 'answering';
}

const endsThinking = (token: StreamedToken) => token.part === 'answer' || token.text === '</think>';

const withPane = (state: AskState, event: PaneEvent): AskState => ({ ...state, pane: reducePane(state.pane, event) });

/** The next state. Events of another question than the current one are ignored. */
export function reduceAsk(state: AskState, event: AskEvent): AskState {
  switch (event.type) {
    case 'questionAsked': {
      const fresh = initialAsk(state.pane.mode, state.pane.userOpen);
      return withPane({ ...fresh, request: event.request, origin: event.origin }, { type: 'asked' });
    }
    case 'askStarted':
      if (!isAnswering(state) || state.askId !== undefined) return state;
      return { ...state, askId: event.askId };
    case 'tokensStreamed': {
      if (event.askId !== state.askId || !isAnswering(state)) return state;
      const next = { ...state, tokens: [...state.tokens, ...event.tokens], elapsedMs: event.elapsedMs };
      if (state.pane.phase === 'answering') return next;
      const thought = { ...next, thinkingMs: event.elapsedMs };
      return event.tokens.some(endsThinking) ? withPane(thought, { type: 'answerStarted' }) : thought;
    }
    case 'askFinished':
      if (event.askId !== state.askId) return state;
      return withPane(
        {
          ...state,
          summary: event.summary,
          thinkingMs: event.summary.thinkingMs,
          expertLoad: event.expertLoad,
          isStopping: false,
        },
        { type: 'finished' },
      );
    case 'askFailed':
      if (event.askId !== state.askId && state.askId !== undefined) return state;
      return withPane({ ...state, problem: event.error, isStopping: false }, { type: 'finished' });
    case 'askRefused':
    case 'deviceLost':
      if (!isAnswering(state)) return state;
      return withPane({ ...state, problem: event.error, isStopping: false }, { type: 'finished' });
    case 'stopRequested':
      return isAnswering(state) ? { ...state, isStopping: true } : state;
    case 'paneToggled':
      return withPane(state, { type: 'toggled' });
    case 'modeChosen':
      return withPane(state, event);
    default:
      return state;
  }
}
