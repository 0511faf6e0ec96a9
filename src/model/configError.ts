// The refusal of a config.json: which key, what it says, what the engine needs.
import { SoliloquyError } from '../lib/errors';

export const WRONG_FAMILY = 'Choose a model of the deepseek_v3 family; other architectures are not supported.';
export const WRONG_VALUE = 'Correct config.json, or choose another folder.';

/** A config.json that is malformed, or of a model the engine does not compute. */
export class ModelConfigError extends SoliloquyError {
  /** The key at fault, e.g. `n_group` or `rope_scaling.factor`; `config.json` when it is the file itself. */
  readonly key: string;

  constructor(key: string, got: unknown, needed: string, remedy: string = WRONG_VALUE) {
    super(`config.json: ${key} is ${showJson(got)}, but ${needed} is needed.`, remedy);
    this.key = key;
  }
}

/** A JSON value in a message: shortened, and "missing" for undefined. */
export function showJson(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
