// Reads one key of a config.json after another, with transformers' default where the key is missing.
import {
  CONFIG_FILE,
  FLOAT32_RANGE,
  isFloat32,
  isRecord,
  ModelConfigError,
  showJson,
  WRONG_FAMILY,
} from './configError';
import { parseEndIds, parseTokenId, type TokenIds } from './tokenIds';

const MAX_DIM = 2 ** 24;
/** Every method throws ModelConfigError, naming the key. */
export class KeyReader {
  readonly json: Readonly<Record<string, unknown>>;

  constructor(json: unknown) {
    if (!isRecord(json)) throw new ModelConfigError('the file', json, 'a JSON object');
    this.json = json;
  }

  get(key: string, fallback?: unknown): unknown {
    return Object.hasOwn(this.json, key) ? this.json[key] : fallback;
  }

  integer(key: string, fallback: number, least: number, most = MAX_DIM): number {
    const value = this.get(key, fallback);
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new ModelConfigError(key, value, `an integer from ${least} to ${most}`);
  }

  integerOrNull(key: string, fallback: number | null, least: number): number | null {
    return this.get(key, fallback) === null ? null : this.integer(key, fallback ?? least, least);
  }

  number(key: string, fallback: number): number {
    const value = this.get(key, fallback);
    // −0 becomes 0.
    if (typeof value === 'number' && isFloat32(value) && value >= 0) return value + 0;
    throw new ModelConfigError(key, value, `0 or a number ${FLOAT32_RANGE}`);
  }

  /** null counts as false, as it does in Python. */
  flag(key: string, fallback: boolean): boolean {
    const value = this.get(key, fallback) ?? false;
    if (typeof value === 'boolean') return value;
    throw new ModelConfigError(key, value, 'true or false');
  }

  /** Refuses the file unless the key is missing or has the one value the engine computes. */
  mustBe(key: string, needed: string | number | boolean, remedy = WRONG_FAMILY): void {
    const value = this.get(key, needed);
    if (value !== needed) throw new ModelConfigError(key, value, showJson(needed), remedy);
  }

  /** @param usual transformers' ids of the family, for missing keys. */
  tokenIds(usual: TokenIds, vocabSize: number): TokenIds {
    const usualIn = (id: TokenIds['eos_token_id']) => (typeof id === 'number' && id < vocabSize ? id : null);
    const one = (key: 'bos_token_id' | 'pad_token_id') =>
      parseTokenId(key, this.get(key, usualIn(usual[key])), vocabSize, CONFIG_FILE);
    return {
      bos_token_id: one('bos_token_id'),
      eos_token_id: parseEndIds(this.get('eos_token_id', usualIn(usual.eos_token_id)), vocabSize, CONFIG_FILE),
      pad_token_id: one('pad_token_id'),
    };
  }
}
