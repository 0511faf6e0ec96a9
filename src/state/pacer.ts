// Between the engine and the eye: the engine's events come as fast as it computes and leave at a pace that can be read. Pure: the
// time is given. Several answers that are written at once are shown row by row, one token of each, at the pace of the one that is
// followed; an answer's end, and all that comes after it, waits for its tokens.
import type { EngineEvent, StreamedToken } from '../protocol/protocol';

/** `live`: as it comes; `reading`: as one reads; `step`: a token at each press. */
export type Pace = 'live' | 'reading' | 'step';

/** The events of a question; the only ones that wait. */
export type AskEngineEvent = Extract<EngineEvent, { askId: number } | { type: 'deviceLost' }>;

interface Waiting {
  /** Tokens of its answer up to it: it is shown with the row of that number. */
  readonly row: number;
  readonly event: AskEngineEvent;
}

export interface Pacer {
  /** By row, and in a row as they came. */
  readonly waiting: readonly Waiting[];
  /** Tokens that came, by answer. */
  readonly counts: readonly number[];
  /** Answers whose end was shown. */
  readonly ended: readonly number[];
  /** Rows that are shown. */
  readonly row: number;
  /** When the last of them was. */
  readonly shownMs: number;
  /** The followed answer's token in that row. */
  readonly last: StreamedToken | undefined;
  /** The reader's word on what is to come: all at once, or none of it. */
  readonly rest: 'paced' | 'shown' | 'dropped';
}

export const emptyPacer: Pacer = {
  waiting: [],
  counts: [],
  ended: [],
  row: 0,
  shownMs: 0,
  last: undefined,
  rest: 'paced',
};

/**
 * About six words a second, a brisk reader's pace (Brysbaert 2019 finds four in silent prose); a digit is looked at as
 * long as a short word.
 */
const MS_PER_CHARACTER = 30;
const MIN_TOKEN_MS = 80;
const MAX_TOKEN_MS = 400;
/** Time to check a step before the next begins. */
const STEP_MS = 400;
/** More than this is read faster the more there is, so that no thought takes minutes. */
const UNHURRIED_MS = 12_000;
/** The clock stops while nobody can look, as in a hidden tab: no more than this is made up for. */
const MAX_LAG_MS = 250;

const isWord = (text: string) => /^[\p{L}]/u.test(text);

/** How long a token is looked at before the next is shown. */
function readingMs(last: StreamedToken | undefined, next: StreamedToken): number {
  if (last === undefined) return 0;
  const length = [...last.text.trim()].length;
  const isTag = last.part === 'tag' || last.text === '';
  const tokenMs = isTag ? 0 : Math.min(MAX_TOKEN_MS, Math.max(MIN_TOKEN_MS, length * MS_PER_CHARACTER));
  // Thinking that was never opened stands outside the tags.
  const isThought = last.part === 'thinking' || last.part === 'outside';
  const endsStep = isThought && (next.part !== last.part || beginsStep(last.text, next.text));
  return endsStep ? tokenMs + STEP_MS : tokenMs;
}

/** A word after a calculation: `… = 1 then …`. */
const beginsStep = (last: string, next: string) => isWord(next.trim()) && !isWord(last.trim());

const isLast = ({ event: { type } }: Waiting) =>
  type === 'askFinished' || type === 'askFailed' || type === 'deviceLost';

const tokenOf = ({ event }: Waiting) => (event.type === 'tokensStreamed' ? event.tokens[0] : undefined);

/** Takes up what the engine tells. Tokens of one event part here, since each is shown in its own time. */
export function takeUp(pacer: Pacer, events: readonly AskEngineEvent[]): Pacer {
  const counts = [...pacer.counts];
  const waiting = [...pacer.waiting];
  for (const event of events) {
    if (event.type === 'tokensStreamed') {
      const first = counts[event.sample] ?? 0;
      if (pacer.rest === 'dropped') continue;
      for (const [index, token] of event.tokens.entries()) {
        waiting.push({ row: first + index + 1, event: { ...event, tokens: [token] } });
      }
      counts[event.sample] = first + event.tokens.length;
    } else {
      const row = event.type === 'askStarted' ? 0 : event.type === 'answerEnded' ? counts[event.sample] : undefined;
      waiting.push({ row: row ?? Math.max(0, ...counts.filter(Boolean)), event });
    }
  }
  return { ...pacer, counts, waiting: waiting.sort((a, b) => a.row - b.row) };
}

/** All that waits and comes is shown at once. */
export const showRest = (pacer: Pacer): Pacer => ({ ...pacer, rest: 'shown' });

/** No token more is shown; the ends still come. */
export const dropRest = (pacer: Pacer): Pacer => ({
  ...pacer,
  rest: 'dropped',
  waiting: pacer.waiting.filter((waiting) => tokenOf(waiting) === undefined),
});

/** True while a token waits to be shown. */
export const isBehind = ({ waiting }: Pacer) => waiting.some((one) => tokenOf(one) !== undefined);

export interface Moment {
  readonly nowMs: number;
  readonly pace: Pace;
  /** The answer whose thinking is shown. */
  readonly followed: number;
  /** Rows that the reader asked for, at the pace `step`. */
  readonly steps?: number;
}

export interface Shown {
  readonly pacer: Pacer;
  /** What is shown now, in order. */
  readonly events: readonly AskEngineEvent[];
  /** When the next is due; undefined: when the reader asks for it, or something comes. */
  readonly dueMs?: number;
}

/** What is to be shown at a moment. */
export function show(pacer: Pacer, { nowMs, pace, followed, steps = 0 }: Moment): Shown {
  const events: AskEngineEvent[] = [];
  const ended = [...pacer.ended];
  let { waiting, row, shownMs, last } = pacer;
  let stepsLeft = steps;
  let dueMs: number | undefined;
  const hurry = hurryOf(waiting, followed, last);
  for (;;) {
    const numReleased = waiting.filter((one) => one.row <= row).length;
    for (const { event } of waiting.slice(0, numReleased)) {
      events.push(event);
      if (event.type === 'answerEnded') ended.push(event.sample);
      if (event.type === 'tokensStreamed' && event.sample === followed) last = event.tokens[0];
    }
    waiting = waiting.slice(numReleased);
    if (waiting.length === 0) break;
    const isFree = pace === 'live' || pacer.rest !== 'paced' || ended.includes(followed);
    const next = isFree ? undefined : nextOf(waiting, followed, row);
    // Of the followed answer nothing more has come, and something may.
    if (next === undefined && !isFree && !waiting.some(isLast)) break;
    if (next !== undefined && pace === 'step') {
      if (stepsLeft === 0) break;
      stepsLeft--;
    } else if (next !== undefined) {
      const due = shownMs + readingMs(last, next) / hurry;
      if (due > nowMs) {
        dueMs = due;
        break;
      }
      shownMs = last === undefined ? nowMs : Math.max(due, nowMs - MAX_LAG_MS);
    }
    row++;
  }
  return { pacer: { ...pacer, waiting, ended, row, shownMs, last }, events, ...(dueMs !== undefined && { dueMs }) };
}

/** The followed answer's token in the row after `row`, if it has come. */
function nextOf(waiting: readonly Waiting[], followed: number, row: number): StreamedToken | undefined {
  const found = waiting.find(
    ({ row: at, event }) => at === row + 1 && event.type === 'tokensStreamed' && event.sample === followed,
  );
  return found && tokenOf(found);
}

function hurryOf(waiting: readonly Waiting[], followed: number, last: StreamedToken | undefined): number {
  let before = last;
  let backlogMs = 0;
  for (const one of waiting) {
    const token = tokenOf(one);
    if (token === undefined || (one.event.type === 'tokensStreamed' && one.event.sample !== followed)) continue;
    backlogMs += readingMs(before, token);
    before = token;
  }
  return Math.max(1, backlogMs / UNHURRIED_MS);
}
