import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnswerSummary, StreamedToken, TokenPart } from '../protocol/protocol';
import { type AskEngineEvent, dropRest, emptyPacer, isBehind, type Pacer, show, showRest, takeUp } from './pacer';

const token = (text: string, part: TokenPart = 'thinking'): StreamedToken => ({
  id: 1,
  text,
  part,
  probability: 1,
  entropy: 0,
  alternatives: [],
});
const streamed = (texts: readonly string[], sample = 0): AskEngineEvent => ({
  type: 'tokensStreamed',
  askId: 1,
  sample,
  tokens: texts.map((text) => token(text, /^<|^$/.test(text) ? 'tag' : 'thinking')),
  elapsedMs: 1,
});
const ended = (sample = 0): AskEngineEvent => ({ type: 'answerEnded', askId: 1, sample, summary: {} as AnswerSummary });
const started: AskEngineEvent = { type: 'askStarted', askId: 1, numPromptTokens: 1 };
const rates = { tokens: 1, ms: 1 };
const finished: AskEngineEvent = {
  type: 'askFinished',
  askId: 1,
  summary: { prefill: rates, decode: rates },
  expertLoad: [],
};
const STEPS = ['<think>', ...'8-9=-1'.split(''), ' then ', ...'-1+1=0'.split(''), '</think>'];

const textsOf = (events: readonly AskEngineEvent[], sample = 0) =>
  events.flatMap((event) =>
    event.type === 'tokensStreamed' && event.sample === sample ? event.tokens.map(({ text }) => text) : [],
  );

/** Plays to the end by the alarm that the pacer sets, and tells when each event was shown. */
function playOut(pacer: Pacer, followed = 0): { readonly event: AskEngineEvent; readonly atMs: number }[] {
  const log: { event: AskEngineEvent; atMs: number }[] = [];
  let nowMs = 1000;
  for (let state: Pacer | undefined = pacer; state; ) {
    const shown = show(state, { nowMs, pace: 'reading', followed });
    log.push(...shown.events.map((event) => ({ event, atMs: nowMs - 1000 })));
    state = shown.dueMs === undefined ? undefined : shown.pacer;
    nowMs = shown.dueMs ?? nowMs;
  }
  return log;
}

describe('the pacer', () => {
  it('shows all at once where thinking comes as it comes', () => {
    const { events, dueMs } = show(takeUp(emptyPacer, [started, streamed(STEPS), ended(), finished]), {
      nowMs: 0,
      pace: 'live',
      followed: 0,
    });
    expect(events.map(({ type }) => type).slice(-2)).toEqual(['answerEnded', 'askFinished']);
    expect(textsOf(events)).toEqual(STEPS);
    expect(dueMs).toBeUndefined();
  });

  it('at a reading pace takes about a second a step, and longer between steps than within', () => {
    const log = playOut(takeUp(emptyPacer, [started, streamed(STEPS), ended(), finished]));
    expect(textsOf(log.map(({ event }) => event))).toEqual(STEPS);
    const at = log.filter(({ event }) => event.type === 'tokensStreamed').map(({ atMs }) => atMs);
    const gaps = at.slice(1).map((ms, i) => ms - (at[i] as number));
    expect(gaps[6]).toBeGreaterThan(3 * Math.max(...gaps.slice(1, 6)));
    expect(at.at(-1)).toBeGreaterThan(1500);
    expect(at.at(-1)).toBeLessThan(2500);
    // Verdict and rates stand with the last token, not before it.
    expect(log.at(-1)).toEqual({ event: finished, atMs: at.at(-1) });
  });

  it('of words shows five to eight a second', () => {
    const words = Array.from({ length: 60 }, (_, i) => ['think', 'about', ' it', ' again', ' slowly'][i % 5] as string);
    const log = playOut(takeUp(emptyPacer, [streamed(words), ended(), finished]));
    const perSecond = (words.length / (log.at(-1)?.atMs as number)) * 1000;
    expect(perSecond).toBeGreaterThan(5);
    expect(perSecond).toBeLessThan(8);
  });

  it('hurries the more is behind: no thought takes a minute', () => {
    const longest = Array.from({ length: 1024 }, (_, i) => (i % 8 === 7 ? ' then ' : '7'));
    const log = playOut(takeUp(emptyPacer, [streamed(longest), ended(), finished]));
    expect(log.at(-1)?.atMs).toBeLessThan(60_000);
  });

  it('token by token shows one at each press', () => {
    let pacer = takeUp(emptyPacer, [started, streamed(STEPS), ended(), finished]);
    for (const text of STEPS) {
      expect(isBehind(pacer)).toBe(true);
      const moment = { nowMs: 1e6, pace: 'step', followed: 0 } as const;
      expect(textsOf(show(pacer, moment).events)).toEqual([]);
      const shown = show(pacer, { ...moment, steps: 1 });
      expect(textsOf(shown.events)).toEqual([text]);
      pacer = shown.pacer;
    }
    expect(isBehind(pacer)).toBe(false);
  });

  it('does not make up for a time in which nobody looked', () => {
    const pacer = show(takeUp(emptyPacer, [streamed(STEPS)]), { nowMs: 0, pace: 'reading', followed: 0 }).pacer;
    const late = show(pacer, { nowMs: 60_000, pace: 'reading', followed: 0 });
    expect(textsOf(late.events).length).toBeLessThan(6);
  });

  it('whose rest is wanted shows what comes later at once, too; one that is dropped shows no token more', () => {
    const moment = { nowMs: 0, pace: 'step', followed: 0 } as const;
    const begun = takeUp(emptyPacer, [started, streamed(STEPS.slice(0, 4))]);
    const later = [streamed(STEPS.slice(4)), ended(), finished];
    expect(textsOf(show(takeUp(showRest(begun), later), moment).events)).toEqual(STEPS);
    const dropped = show(takeUp(dropRest(begun), later), moment);
    expect(dropped.events).toEqual([started, ended(), finished]);
  });

  it('ends though the followed answer has no more than others have', () => {
    const failed: AskEngineEvent = {
      type: 'askFailed',
      askId: 1,
      error: { code: 'fault', userMessage: '', remedy: '' },
    };
    const log = playOut(takeUp(emptyPacer, [streamed(['1']), streamed(['1', '2', '3'], 1), failed]));
    expect(log.at(-1)?.event).toBe(failed);
  });

  it('loses nothing and changes no order, however the events come and whichever answer is followed', () => {
    const pieces = fc.array(fc.array(fc.constantFrom('1', '+', ' then ', '<think>', '然后', ''), { maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1, maxLength: 3 }), fc.nat(), fc.nat(), (answers, seed, which) => {
        const events: AskEngineEvent[] = [started];
        const left = answers.map((batches) => [...batches]);
        const open = new Set(left.keys());
        for (let turn = seed; open.size > 0; turn = (turn * 31 + 7) % 1009) {
          const sample = [...open][turn % open.size] as number;
          const batch = left[sample]?.shift();
          if (batch) events.push(streamed(batch, sample));
          else {
            open.delete(sample);
            events.push(ended(sample));
          }
        }
        events.push(finished);
        const followed = which % answers.length;
        // In two parts: the second comes when what was known is shown.
        const cut = seed % events.length;
        const first = playOut(takeUp(emptyPacer, events.slice(0, cut)), followed);
        const shown = show(takeUp(emptyPacer, events.slice(0, cut)), { nowMs: 1e9, pace: 'live', followed });
        const rest = playOut(takeUp(shown.pacer, events.slice(cut)), followed);
        const all = [...shown.events, ...rest.map(({ event }) => event)];
        expect(first.length).toBeLessThanOrEqual(shown.events.length);
        for (const [sample, batches] of answers.entries()) expect(textsOf(all, sample)).toEqual(batches.flat());
        const endsOf = (list: readonly AskEngineEvent[]) => list.filter(({ type }) => type !== 'tokensStreamed');
        expect(new Set(endsOf(all))).toEqual(new Set(endsOf(events)));
        expect(all.at(-1)).toBe(finished);
        for (const sample of answers.keys()) {
          const own = all.filter((event) => 'sample' in event && event.sample === sample);
          expect(own.at(-1)?.type).toBe('answerEnded');
        }
      }),
    );
  });
});
