// Values of tokenizer.json, each read at its place or refused there.
import { SoliloquyError } from '../lib/errors';

/** A tokenizer.json that cannot be used. */
export class TokenizerFormatError extends SoliloquyError {
  readonly code = 'bad_tokenizer';
}

type Json = Readonly<Record<string, unknown>>;

export const RESAVE = 'Save the tokenizer again with transformers, as a fast tokenizer, or choose another.';

/** Throws TokenizerFormatError: `place` is the path in the file. */
export function refuse(place: string, found: unknown, needed: string): never {
  const shown = found === undefined ? 'missing' : brief(found, 0);
  const short = shown.length > 80 ? `${shown.slice(0, 79)}…` : shown;
  throw new TokenizerFormatError(`tokenizer.json: ${place} is ${short}, but ${needed} is needed.`, RESAVE);
}

/** As JSON, but of no more than is shown: what is refused may have megabytes. */
function brief(value: unknown, depth: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? String(value);
  if (depth > 3) return '…';
  if (Array.isArray(value))
    return `[${value
      .slice(0, 10)
      .map((item) => brief(item, depth + 1))
      .join(',')}]`;
  const keys = Object.keys(value).slice(0, 10);
  const entries = keys.map((key) => `${brief(key, 0)}:${brief((value as Json)[key], depth + 1)}`);
  return `{${entries.join(',')}}`;
}

export function readObject(value: unknown, place: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(place, value, 'an object');
  return value as Json;
}

export function readList(value: unknown, place: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) return refuse(place, value, 'a list');
  return value.length <= most ? value : refuse(`${place}.length`, value.length, `at most ${most}`);
}

export function readText(value: unknown, place: string, most: number): string {
  if (typeof value !== 'string') return refuse(place, value, 'a text');
  return value.length <= most ? value : refuse(`${place}.length`, value.length, `at most ${most}`);
}

export function readInteger(value: unknown, place: string, least: number, most: number): number {
  const isFine = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
  return isFine ? value : refuse(place, value, `an integer from ${least} to ${most}`);
}

export function readFlag(value: unknown, place: string): boolean {
  return typeof value === 'boolean' ? value : refuse(place, value, 'true or false');
}
