// One question and its answers, as the page sees them: a pure reducer over what the reader does and the engine's events.
import type {
  AnswerSummary,
  AskRequest,
  AskSummary,
  EngineEvent,
  ExpertLoad,
  LayerChoices,
  Problem,
  Result,
  StreamedToken,
} from '../worker/protocol';
import { type PaneEvent, type PaneMode, type PanePhase, type PaneState, reducePane } from './thinkingPane';

/** One of the answers that are drawn at once. */
export interface Sample {
  readonly tokens: readonly StreamedToken[];
  /** Time to the end of thinking, as measured here; the summary's figure replaces it. */
  readonly thinkingMs: number;
  /** undefined until it has ended. */
  readonly summary: AnswerSummary | undefined;
  /** Which experts its tokens go to, once that was asked, or why it cannot be told. */
  readonly choices: Result<readonly LayerChoices[]> | undefined;
}

export interface AskState {
  /** Its phase is that of the shown answer, until all are there. */
  readonly pane: PaneState;
  readonly origin: 'live' | 'recorded';
  readonly request: AskRequest | undefined;
  /** undefined until the engine has begun with the question. */
  readonly askId: number | undefined;
  readonly samples: readonly Sample[];
  /** Which of them the panes show. */
  readonly chosen: number;
  readonly elapsedMs: number;
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
  | { readonly type: 'sampleChosen'; readonly sample: number }
  | {
      readonly type: 'choicesRead';
      readonly askId: number;
      readonly sample: number;
      readonly choices: Result<readonly LayerChoices[]>;
    }
  | { readonly type: 'paneToggled' }
  | { readonly type: 'modeChosen'; readonly mode: PaneMode };

export function initialAsk(mode: PaneMode, userOpen: boolean | undefined): AskState {
  return {
    pane: { phase: 'idle', mode, userOpen, isLookedAt: false },
    origin: 'live',
    request: undefined,
    askId: undefined,
    samples: [],
    chosen: 0,
    elapsedMs: 0,
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

const EMPTY: Sample = { tokens: [], thinkingMs: 0, summary: undefined, choices: undefined };

/** The answer that the panes show. */
export function shownSample({ samples, chosen }: AskState): Sample {
  return samples[chosen] ?? EMPTY;
}

/** Where one of the answers stands: it may be thinking while another has ended. */
export function phaseOf(state: AskState, { tokens, summary }: Sample): PanePhase {
  if (!isAnswering(state)) return state.pane.phase;
  if (summary) return 'done';
  return tokens.some(endsThinking) ? 'answering' : 'thinking';
}

const endsThinking = (token: StreamedToken) => token.part === 'answer' || token.text === '</think>';

const withPane = (state: AskState, event: PaneEvent): AskState => ({ ...state, pane: reducePane(state.pane, event) });

const withSample = (state: AskState, sample: number, change: (sample: Sample) => Sample): AskState => ({
  ...state,
  samples: state.samples.map((one, index) => (index === sample ? change(one) : one)),
});

function addTokens(state: AskState, event: Extract<EngineEvent, { type: 'tokensStreamed' }>): AskState {
  const next = withSample({ ...state, elapsedMs: event.elapsedMs }, event.sample, (sample) => ({
    ...sample,
    tokens: [...sample.tokens, ...event.tokens],
    thinkingMs: sample.tokens.some(endsThinking) ? sample.thinkingMs : event.elapsedMs,
  }));
  const hasThought = shownSample(next).tokens.some(endsThinking);
  return hasThought ? withPane(next, { type: 'answerStarted' }) : next;
}

/** The next state. Events of another question than the current one are ignored. */
export function reduceAsk(state: AskState, event: AskEvent): AskState {
  switch (event.type) {
    case 'questionAsked': {
      const { request, origin } = event;
      const fresh = initialAsk(state.pane.mode, state.pane.userOpen);
      const samples = Array.from({ length: request.samples }, () => EMPTY);
      return withPane({ ...fresh, request, origin, samples }, { type: 'asked' });
    }
    case 'askStarted':
      if (!isAnswering(state) || state.askId !== undefined) return state;
      return { ...state, askId: event.askId };
    case 'tokensStreamed':
      return event.askId === state.askId && isAnswering(state) ? addTokens(state, event) : state;
    case 'answerEnded': {
      const { askId, sample, summary } = event;
      if (askId !== state.askId) return state;
      return withSample(state, sample, (one) => ({ ...one, summary, thinkingMs: summary.thinkingMs }));
    }
    case 'askFinished': {
      const { askId, summary, expertLoad } = event;
      if (askId !== state.askId) return state;
      return withPane({ ...state, summary, expertLoad, isStopping: false }, { type: 'finished' });
    }
    case 'askFailed':
      if (event.askId !== state.askId && state.askId !== undefined) return state;
      return withPane({ ...state, problem: event.error, isStopping: false }, { type: 'finished' });
    case 'askRefused':
    case 'deviceLost':
      if (!isAnswering(state)) return state;
      return withPane({ ...state, problem: event.error, isStopping: false }, { type: 'finished' });
    case 'stopRequested':
      return isAnswering(state) ? { ...state, isStopping: true } : state;
    case 'sampleChosen':
      if (state.samples[event.sample] === undefined) return state;
      return withPane({ ...state, chosen: event.sample }, { type: 'lookedAt' });
    case 'choicesRead':
      if (event.askId !== state.askId) return state;
      return withSample(state, event.sample, (one) => ({ ...one, choices: event.choices }));
    case 'paneToggled':
      return withPane(state, { type: 'toggled' });
    case 'modeChosen':
      return withPane(state, event);
    default:
      return state;
  }
}
