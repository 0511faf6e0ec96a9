// Ctrl-C: the first one asks a long command to stop at the end of its step and save; the second ends the program at once.
import { note } from './console';

/** Exit code of a program that ended because it was asked to. */
export const INTERRUPTED = 130;

/** One Ctrl-C may arrive several times, from the terminal and from each program above this one. */
const SAME_PRESS_MS = 1000;

export interface Interrupt {
  readonly isRequested: boolean;
}

/** Listens to SIGINT and SIGTERM from now on. `promise` says what happens next, e.g. `finishing this step`. */
export function listenForInterrupt(promise: string): Interrupt {
  let requestedMs: number | undefined;
  const onSignal = () => {
    const nowMs = performance.now();
    if (requestedMs !== undefined) {
      if (nowMs - requestedMs > SAME_PRESS_MS) process.exit(INTERRUPTED);
      return;
    }
    requestedMs = nowMs;
    note(`Stopping: ${promise}. Press Ctrl-C again to stop at once.`);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    get isRequested() {
      return requestedMs !== undefined;
    },
  };
}
