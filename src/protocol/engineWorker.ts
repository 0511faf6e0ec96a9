// The engine's worker. Its program takes a while to come, so the page starts it before its own programs are there.
import { startOwnWorker } from '../lib/ownWorker.js';
import engineUrl from '../worker/engine.worker.ts?worker&url';

/** A worker whose program may still be on the way. */
export interface EngineWorker {
  readonly worker: Worker;
  /** Resolves with the reason, once it crashed or could not be loaded. */
  readonly crashed: Promise<string>;
}

let early: EngineWorker | undefined;

function start(): EngineWorker {
  const worker = startOwnWorker(engineUrl, 'engine');
  const crashed = new Promise<string>((resolve) =>
    worker.addEventListener('error', (event) => resolve(event.message || 'its program could not be loaded')),
  );
  return { worker, crashed };
}

/** Starts the worker for the first who takes one. */
export function startEngineEarly(): void {
  early = start();
}

/** The worker that was started early, else a new one. */
export function takeEngineWorker(): EngineWorker {
  const taken = early ?? start();
  early = undefined;
  return taken;
}
