// What can go wrong with storage, and what the person can do about it.
import { SoliloquyError } from '../lib/errors';

/** There is no room left. What was stored before is still there. */
export class StorageFullError extends SoliloquyError {
  readonly code = 'storage_full';
  constructor(what: string, options?: ErrorOptions) {
    super(
      `There is no space left to store ${what}.`,
      'What was saved before is safe. Delete old runs or free some disk space, then go on.',
      options,
    );
  }
}

/** The browser offers no storage: a private window, or storage switched off. */
export class StorageUnavailableError extends SoliloquyError {
  readonly code = 'storage_unavailable';
  constructor(what: string, options?: ErrorOptions) {
    super(
      `This browser does not let the page store ${what}.`,
      'Use a normal window, or allow this site to store data. Until then, export what you want to keep.',
      options,
    );
  }
}

/** Another tab runs a newer version of the page, which has changed how runs are stored. */
export class StoreReplacedError extends SoliloquyError {
  readonly code = 'store_replaced';
  constructor(options?: ErrorOptions) {
    super('A newer version of this page is open in another tab.', 'Reload this page to go on.', options);
  }
}

/** Every copy of a checkpoint fails its checksum. */
export class CheckpointDamagedError extends SoliloquyError {
  readonly code = 'checkpoint_damaged';
  constructor(runId: string, reasons: readonly string[]) {
    super(
      `Every checkpoint of this run is damaged, so it cannot go on (run ${runId}; ${reasons.join('; ')}).`,
      'Its curves can still be read: lay it over others on Compare. Start a new run with its settings, or delete it.',
    );
  }
}

/** Someone else holds the files of a checkpoint. */
export class CheckpointInUseError extends SoliloquyError {
  readonly code = 'checkpoint_in_use';
  constructor(runId: string, options?: ErrorOptions) {
    super(
      `The checkpoint of run ${runId} is in use elsewhere.`,
      'Close the other tab or program that has this run open, then try again.',
      options,
    );
  }
}

/** Whether an error or its cause, in the words of a browser or of Node, means that the disk or the quota is full. */
export function meansFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code: unknown = 'code' in error ? error.code : undefined;
  const isFull = error.name === 'QuotaExceededError' || code === 'ENOSPC' || code === 'EDQUOT';
  return isFull || error instanceof StorageFullError || meansFull(error.cause);
}

/** The error itself, or a StorageFullError in its place if that is what it means. */
export function asStorageError(error: unknown, what: string): unknown {
  return meansFull(error) ? new StorageFullError(what, { cause: error }) : error;
}
