import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EngineEvent } from '../protocol/protocol';
import { findRecording, RECORDING_VERSION, type TimedEvent } from '../protocol/recording';
import { play } from './player';

const events: TimedEvent[] = [0, 100, 200, 1000].map((atMs, i) => ({
  atMs,
  event: { type: 'askStarted', askId: i, numPromptTokens: 1 },
}));
const ids = (batches: readonly (readonly EngineEvent[])[]) =>
  batches.flat().map((event) => (event.type === 'askStarted' ? event.askId : -1));

describe('a recording', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('plays every event once, in order, in the time it was given', () => {
    const batches: (readonly EngineEvent[])[] = [];
    const onEnd = vi.fn();
    play(events, (batch) => batches.push(batch), { durationMs: 500, onEnd });
    expect(ids(batches)).toEqual([0]);
    vi.advanceTimersByTime(200);
    expect(ids(batches)).toEqual([0, 1, 2]);
    expect(onEnd).not.toHaveBeenCalled();
    vi.advanceTimersByTime(400);
    expect(ids(batches)).toEqual([0, 1, 2, 3]);
    expect(onEnd).toHaveBeenCalledTimes(1);
  });

  it('of no length comes in one batch', () => {
    const batches: (readonly EngineEvent[])[] = [];
    play(events, (batch) => batches.push(batch), { durationMs: 0 });
    expect(batches).toHaveLength(1);
    expect(ids(batches)).toEqual([0, 1, 2, 3]);
  });

  it('says nothing more once it was stopped', () => {
    const emit = vi.fn();
    const stop = play(events, emit, { durationMs: 500 });
    stop();
    vi.advanceTimersByTime(1000);
    expect(emit).toHaveBeenCalledTimes(1);
  });
});

describe('a recording file', () => {
  const madeBy = { model: 'base', device: 'd', program: 'p', at: '2026-11-23' };
  const request = {
    question: '1+1=?',
    temperature: 1,
    topP: 1,
    topK: 0,
    seed: 1,
    maxTokens: 8,
    samples: 1,
    thinking: null,
  };
  const version = RECORDING_VERSION;

  it('is accepted in its own version and refused in any other', () => {
    const good = { version, kind: 'ask', madeBy, request, events };
    expect(findRecording(good)?.kind).toBe('ask');
    expect(findRecording({ ...good, version: version + 1 })).toBeUndefined();
    expect(findRecording({ ...good, events: [] })).toBeUndefined();
    expect(findRecording('<!doctype html>')).toBeUndefined();
  });

  it('keeps the before-and-after of a run', () => {
    const beforeAfter = {
      accuracyBefore: 0,
      accuracyAfter: 1,
      thinkingTokensBefore: 1,
      thinkingTokensAfter: 2,
      pairs: [],
    };
    expect(findRecording({ version, kind: 'run', madeBy, events, beforeAfter })).toMatchObject({ beforeAfter });
  });
});
