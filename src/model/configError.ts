// The refusal of a config.json: which key, what it says, what the engine needs.
import { SoliloquyError } from '../lib/errors';

export const WRONG_FAMILY = 'Choose another model; this architecture is not supported.';
export const WRONG_VALUE = 'Correct the file, or choose another folder.';
export const CONFIG_FILE = 'config.json';

/** A config.json (or another file of a model's settings) that is malformed, or of a model the engine does not compute. */
export class ModelConfigError extends SoliloquyError {
  readonly code = 'bad_model_config';
  /** The key at fault, e.g. `n_group` or `rope_scaling.factor`; `config.json` when it is the file itself. */
  readonly key: string;

  constructor(key: string, got: unknown, needed: string, remedy: string = WRONG_VALUE, file: string = CONFIG_FILE) {
    super(`${file}: ${key} is ${showJson(got)}, but ${needed} is needed.`, remedy);
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

/** Whether float32, in which the engine computes, holds the number: neither infinite in it nor, unless it is 0, 0. */
export function isFloat32(value: number): boolean {
  const rounded = Math.fround(value);
  return Number.isFinite(rounded) && (rounded !== 0 || value === 0);
}

/** What is needed of such a number, in messages. */
export const FLOAT32_RANGE = 'within float32 (1.4e-45 to 3.4e38)';
