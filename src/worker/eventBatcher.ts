// Gathers events and hands them over together, at most 30 times a second, so that the page is never flooded.
import type { EngineEvent } from '../protocol/protocol';

const INTERVAL_MS = 1000 / 30;

export class EventBatcher {
  #pending: EngineEvent[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly send: (batch: readonly EngineEvent[]) => void) {}

  /** Tells an event. Progress that is told again before it was sent replaces the one before. */
  emit(event: EngineEvent): void {
    const last = this.#pending.at(-1);
    if (last && isSameProgress(last, event)) this.#pending.pop();
    this.#pending.push(event);
    this.#timer ??= setTimeout(() => this.flush(), INTERVAL_MS);
  }

  /** Sends what is pending now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#pending;
    this.#pending = [];
    if (batch.length > 0) this.send(batch);
  }
}

function isSameProgress(last: EngineEvent, next: EngineEvent): boolean {
  if (last.type === 'phaseChanged') return next.type === 'phaseChanged' && last.phase === next.phase;
  return last.type === 'pipelineProgressed' && next.type === 'pipelineProgressed';
}
