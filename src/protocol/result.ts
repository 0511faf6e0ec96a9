// What every command answers with.
import type { DescribedError } from '../lib/errors';

/** Every command answers with this; the engine never rejects for a reason a person should read. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: DescribedError };
