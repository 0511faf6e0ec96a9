// One question and its answers, as they are shown: a pure reducer over what the reader does and the engine's events, which pass
// the pacer first.
import type {
  AnswerSummary,
  AskRequest,
  AskSummary,
  DescribedError,
  EngineEvent,
  ExpertLoad,
  LayerChoices,
  Result,
  StreamedToken,
} from '../protocol/protocol';
import {
  type AskEngineEvent,
  dropRest,
  emptyPacer,
  isBehind,
  type Pace,
  type Pacer,
  show,
  showRest,
  takeUp,
} from './pacer';
import { isPaneOpen, type PaneEvent, type PaneMode, type PanePhase, type PaneState, reducePane } from './thinkingPane';

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
  readonly problem: DescribedError | undefined;
  /** A question was refused since: what is shown is of the one before it. */
  readonly isOfBefore: boolean;
  readonly isStopping: boolean;
  readonly expertLoad: readonly ExpertLoad[];
  /** The engine is asked and has not ended; what is shown may be behind it. */
  readonly isComputing: boolean;
  /** Who answers, once that is known. */
  readonly answeredBy: Answerer | undefined;
  readonly pacer: Pacer;
  /** When the pacer has something to show next. */
  readonly dueMs: number | undefined;
  /** What was shown before the question, until the engine takes it: a refused question leaves it as it was. */
  readonly before: AskState | undefined;
}

/** The model that answers, and how far its training is while that goes on. */
export interface Answerer {
  readonly name: string;
  readonly step?: number;
}

export type AskEvent =
  | EngineEvent
  | { readonly type: 'questionAsked'; readonly request: AskRequest; readonly origin: 'live' | 'recorded' }
  | { readonly type: 'askTaken' }
  /** The question again, once its model is there and says how it answers. */
  | { readonly type: 'requestSettled'; readonly request: AskRequest }
  | { readonly type: 'askRefused'; readonly error: DescribedError }
  | { readonly type: 'answererKnown'; readonly answerer: Answerer }
  /** Time has passed, or the reader asked for some tokens more. */
  | { readonly type: 'ticked'; readonly nowMs: number; readonly pace: Pace; readonly steps?: number }
  | { readonly type: 'restWanted' }
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
    isOfBefore: false,
    isStopping: false,
    expertLoad: [],
    isComputing: false,
    answeredBy: undefined,
    pacer: emptyPacer,
    dueMs: undefined,
    before: undefined,
  };
}

/** True from the question until the last token is shown, the refusal or the stop. */
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

const endsThinking = (token: StreamedToken) =>
  token.part === 'answer' || (token.part === 'tag' && token.text === '</think>');

/** True while there is more of the answer than is shown. */
export const isShowingLess = (state: AskState): boolean => isAnswering(state) && isBehind(state.pacer);

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

/** Of an answer that was stopped while it was shown: what was shown. */
function shownSummary(summary: AnswerSummary, tokens: readonly StreamedToken[]): AnswerSummary {
  const textOf = (all: readonly StreamedToken[]) => all.map(({ text }) => text).join('');
  const thinking = tokens.filter(({ part }) => part === 'thinking');
  return {
    ...summary,
    completionText: textOf(tokens),
    thinking: textOf(thinking),
    answer: undefined,
    verdict: undefined,
    stopReason: 'stopped',
    numThinkingTokens: thinking.length,
    numTokens: tokens.length,
  };
}

/** The next state. Events of another question than the current one are ignored. */
export function reduceAsk(state: AskState, event: AskEvent): AskState {
  switch (event.type) {
    case 'questionAsked': {
      const { request, origin } = event;
      const fresh = initialAsk(state.pane.mode, state.pane.userOpen);
      const samples = Array.from({ length: request.samples }, () => EMPTY);
      const before = { ...state, before: undefined };
      const isComputing = origin === 'live';
      return withPane({ ...fresh, request, origin, samples, isComputing, before }, { type: 'asked' });
    }
    case 'askTaken':
      return { ...state, before: undefined };
    case 'requestSettled':
      return { ...state, request: event.request };
    case 'askRefused': {
      const { mode, userOpen } = state.pane;
      const { before = initialAsk(mode, userOpen) } = state;
      const isOfBefore = before.request !== undefined;
      return { ...before, pane: { ...before.pane, mode, userOpen }, problem: event.error, isOfBefore };
    }
    case 'answererKnown':
      return { ...state, answeredBy: event.answerer };
    case 'askStarted':
      if (!isAnswering(state) || state.askId !== undefined) return state;
      return arrive({ ...state, askId: event.askId }, event);
    case 'tokensStreamed':
    case 'answerEnded':
      return event.askId === state.askId ? arrive(state, event) : state;
    case 'askFinished':
      return event.askId === state.askId ? arrive({ ...state, isComputing: false }, event) : state;
    case 'askFailed':
      if (event.askId !== state.askId && state.askId !== undefined) return state;
      return arrive({ ...state, isComputing: false }, event);
    case 'deviceLost':
      return state.isComputing ? arrive({ ...state, isComputing: false }, event) : state;
    case 'ticked': {
      const { nowMs, steps = 0 } = event;
      // The answer waits for the thinking that is shown, and for none that is not.
      const pace = isPaneOpen(state.pane) ? event.pace : 'live';
      const shown = show(state.pacer, { nowMs, pace, followed: state.chosen, steps });
      if (shown.events.length === 0 && shown.dueMs === state.dueMs) return state;
      return shown.events.reduce(showEvent, { ...state, pacer: shown.pacer, dueMs: shown.dueMs });
    }
    case 'restWanted':
      return { ...state, pacer: showRest(state.pacer) };
    case 'stopRequested':
      if (!isAnswering(state)) return state;
      return { ...state, isStopping: state.isComputing, pacer: dropRest(state.pacer) };
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

const arrive = (state: AskState, event: AskEngineEvent): AskState => ({
  ...state,
  pacer: takeUp(state.pacer, [event]),
});

/** What of the engine's tale is shown now. */
function showEvent(state: AskState, event: AskEngineEvent): AskState {
  switch (event.type) {
    case 'askStarted':
      return state;
    case 'tokensStreamed':
      return isAnswering(state) ? addTokens(state, event) : state;
    case 'answerEnded':
      return withSample(state, event.sample, (one) => {
        const isCut = state.pacer.rest === 'dropped' && one.tokens.length < event.summary.numTokens;
        const summary = isCut ? shownSummary(event.summary, one.tokens) : event.summary;
        return { ...one, summary, thinkingMs: summary.thinkingMs };
      });
    case 'askFinished': {
      const { summary, expertLoad } = event;
      return withPane({ ...state, summary, expertLoad, isStopping: false }, { type: 'finished' });
    }
    case 'askFailed':
    case 'deviceLost':
      return withPane({ ...state, problem: event.error, isStopping: false }, { type: 'finished' });
  }
}
