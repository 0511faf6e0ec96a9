// How large the files of a model folder may be. The largest in use are several times smaller.
import { CONFIG_LIMITS, type JsonLimits } from '../../lib/json';

const MB = 2 ** 20;

/** The files that are read beside the weights, and the most bytes of each. */
const MAX_BYTES: ReadonlyMap<string, number> = new Map([
  ['config.json', MB],
  ['generation_config.json', MB],
  ['special_tokens_map.json', MB],
  ['tokenizer_config.json', 8 * MB],
  // Gemma 3's has 33 MB.
  ['tokenizer.json', 64 * MB],
  // DeepSeek-V3's has 9 MB.
  ['model.safetensors.index.json', 16 * MB],
  ['chat_template.jinja', MB / 4],
  ['README.md', MB],
]);

/** Every file of a model folder but parts of weights. */
export const MODEL_FILE_NAMES: readonly string[] = ['model.safetensors', ...MAX_BYTES.keys()];

/** The most that a folder may hold: larger than any model a browser tab could train. */
export const MAX_FOLDER_BYTES = 2 ** 30;

/** The most bytes that are read of a file. */
export function maxBytesOf(fileName: string): number {
  return MAX_BYTES.get(fileName) ?? MAX_FOLDER_BYTES;
}

/** The limits of a JSON file. */
export function jsonLimitsOf(fileName: string): JsonLimits {
  const isLarge = fileName === 'tokenizer.json' || fileName.endsWith('.index.json');
  // Half a million merges of two tokens each, and the vocabulary.
  return isLarge ? { depth: 64, values: 4_000_000 } : CONFIG_LIMITS;
}
