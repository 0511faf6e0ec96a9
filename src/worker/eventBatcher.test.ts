import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { EngineEvent } from '../protocol/protocol';
import { EventBatcher } from './eventBatcher';

const phase = (done: number): EngineEvent => ({ type: 'phaseChanged', runId: 'r', phase: 'sampling', done, total: 8 });
const saved: EngineEvent = { type: 'checkpointSaved', runId: 'r', step: 1 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('hands events over together, in order, at most thirty times a second', () => {
  const batches: (readonly EngineEvent[])[] = [];
  const events = new EventBatcher((batch) => batches.push(batch));
  events.emit(saved);
  events.emit(phase(1));
  vi.advanceTimersByTime(30);
  expect(batches).toEqual([]);
  vi.advanceTimersByTime(10);
  expect(batches).toEqual([[saved, phase(1)]]);
  for (let ms = 0; ms < 1000; ms++) {
    events.emit(saved);
    vi.advanceTimersByTime(1);
  }
  expect(batches.length).toBeLessThanOrEqual(31);
});

it('tells only the latest of a phase’s progress, and never drops anything else', () => {
  const told: EngineEvent[] = [];
  const events = new EventBatcher((batch) => told.push(...batch));
  events.emit(phase(1));
  events.emit(phase(2));
  events.emit(saved);
  events.emit(phase(3));
  events.flush();
  expect(told).toEqual([phase(2), saved, phase(3)]);
});
