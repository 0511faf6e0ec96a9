// The JSON of safetensors headers: stricter still than lib/json, since the format is. Objects become Maps (so no key is
// magic), numbers are whole and not negative. Knows nothing of tensors.
import { JsonError, type JsonLimits, parseJson } from '../../lib/json';

export type HeaderValue = string | number | HeaderValue[] | Map<string, HeaderValue>;

/** The reader bounds the header's bytes, and so its values. */
const LIMITS: JsonLimits = { depth: 4, values: Number.POSITIVE_INFINITY, onlyDigits: true };

/** Parses one object. Throws JsonError; anything but spaces after the object is an error. */
export function parseHeaderJson(text: string): Map<string, HeaderValue> {
  if (text[0] !== '{') throw new JsonError('the header does not start with {', 0);
  const value = toHeaderValue(parseJson(text, LIMITS));
  if (!(value instanceof Map)) throw new JsonError('no object', 0);
  const end = text.lastIndexOf('}') + 1;
  if (/[^ ]/.test(text.slice(end))) throw new JsonError('text after the object', end);
  return value;
}

function toHeaderValue(value: unknown): HeaderValue {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (Array.isArray(value)) return value.map(toHeaderValue);
  if (typeof value !== 'object' || value === null) throw new JsonError(`${value} has no place in a header`, 0);
  return new Map(Object.entries(value).map(([key, item]) => [key, toHeaderValue(item)]));
}
