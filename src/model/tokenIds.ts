// Tokens with a role, by id, as config.json and generation_config.json name them.
import { ModelConfigError, WRONG_VALUE } from './configError';

/** null: none. */
export interface TokenIds {
  readonly bos_token_id: number | null;
  /** A list: each of them ends a text. */
  readonly eos_token_id: number | readonly number[] | null;
  readonly pad_token_id: number | null;
}

/** The families in use have five at most. */
const MAX_END_IDS = 15;

/** A token id; null, and −1 as old files write it, mean none. Throws ModelConfigError. */
export function parseTokenId(key: string, value: unknown, vocabSize: number, file: string): number | null {
  if (value === null || value === -1) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < vocabSize) return value;
  throw new ModelConfigError(key, value, `a token id from 0 to ${vocabSize - 1} or null`, WRONG_VALUE, file);
}

/**
 * The `eos_token_id` of config.json or generation_config.json: one id, several that each end a text, or null. A list of
 * one is that one. Throws ModelConfigError naming the file.
 */
export function parseEndIds(value: unknown, vocabSize: number, file: string): TokenIds['eos_token_id'] {
  const key = 'eos_token_id';
  if (!Array.isArray(value)) return parseTokenId(key, value, vocabSize, file);
  if (value.length > MAX_END_IDS)
    throw new ModelConfigError(key, value, `at most ${MAX_END_IDS} ids`, WRONG_VALUE, file);
  const ids = new Set(value.map((id) => parseTokenId(key, id, vocabSize, file)).filter((id) => id !== null));
  const [first = null] = ids;
  return ids.size > 1 ? [...ids] : first;
}
