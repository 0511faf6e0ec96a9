// Ctrl-C: the first one asks a long command to stop at the end of its step and save; the second ends the program at once.
import { note } from './console';

/** Exit code of a program that ended because it was asked to. */
export const INTERRUPTED = 130;

export interface Interrupt {
  readonly isRequested: boolean;
}

/** Listens to SIGINT and SIGTERM from now on. `promise` says what happens next, e.g. `finishing this step`. */
export function listenForInterrupt(promise: string): Interrupt {
  let isRequested = false;
  const onSignal = () => {
    if (isRequested) process.exit(INTERRUPTED);
    isRequested = true;
    note(`Stopping: ${promise}. Press Ctrl-C again to stop at once.`);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    get isRequested() {
      return isRequested;
    },
  };
}
