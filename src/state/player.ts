// Plays a recording: emits its events in batches at their times, stretched or squeezed to a pleasant length.
import type { EngineEvent } from '../protocol/protocol';
import type { TimedEvent } from '../protocol/recording';

const TICK_MS = 33;

export interface PlayOptions {
  /** How long the whole should take; 0 emits everything at once. */
  readonly durationMs: number;
  readonly onEnd?: () => void;
}

/** Emits the events in order, in batches; returns the function that stops it. */
export function play(
  events: readonly TimedEvent[],
  emit: (batch: readonly EngineEvent[]) => void,
  { durationMs, onEnd }: PlayOptions,
): () => void {
  const lastMs = events[events.length - 1]?.atMs ?? 0;
  const rate = durationMs > 0 && lastMs > 0 ? lastMs / durationMs : Number.POSITIVE_INFINITY;
  const startMs = performance.now();
  let next = 0;
  const tick = () => {
    const untilMs = rate === Number.POSITIVE_INFINITY ? rate : (performance.now() - startMs) * rate;
    const from = next;
    while (next < events.length && (events[next]?.atMs ?? 0) <= untilMs) next++;
    if (next > from) emit(events.slice(from, next).map(({ event }) => event));
    if (next < events.length) return;
    stop();
    onEnd?.();
  };
  const timer = setInterval(tick, TICK_MS);
  const stop = () => clearInterval(timer);
  tick();
  return stop;
}
