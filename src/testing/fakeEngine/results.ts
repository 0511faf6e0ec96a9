// What the made-up engine answers where it cannot do as told.
import type { ErrorCode } from '../../lib/errors';
import type { DescribedError, Result } from '../../protocol/protocol';

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

export const failure = (
  code: ErrorCode,
  userMessage: string,
  remedy: string,
): { ok: false; error: DescribedError } => ({
  ok: false,
  error: { code, userMessage, remedy },
});

export const NO_PIPELINE = failure('pipeline_not_now', 'No such pipeline can run now.', 'Stop the one that runs.');
export const NO_RUN = failure('not_now', 'No run is open.', 'Start a run first.');

export const DAMAGED = failure(
  'checkpoint_damaged',
  'Every checkpoint of this run is damaged, so it cannot go on.',
  'Start a new run with its settings.',
);

export const DEVICE_LOST: DescribedError = {
  code: 'device_lost',
  userMessage: 'The GPU went away.',
  remedy: 'Reconnect; nothing before the last checkpoint is lost.',
};

export const DISK_FULL: DescribedError = {
  code: 'storage_full',
  userMessage: 'There is no space left to store the checkpoint.',
  remedy: 'Delete old runs or free some disk space.',
};
