// generation_config.json: how a model answers unless it is told otherwise. Training writes into it how it measured the model, and
// whoever asks the model later (an evaluation, the command line, the page, transformers) takes it from there.
import * as v from 'valibot';
import type { TokenIds } from '../../model/tokenIds';
import { ModelFolderError } from './folderError';

export const GENERATION_FILE = 'generation_config.json';

/** How a model draws its answers. */
export interface GenerationSettings {
  /** 0: always the likeliest token. */
  readonly temperature: number;
  readonly topP: number;
  /** 0: all. */
  readonly topK: number;
  /** Of the likeliest token's probability: what is less likely is never drawn. Absent: none. */
  readonly minP?: number;
  /** The longest answer, in tokens. */
  readonly maxNewTokens: number;
}

/** Of a folder that does not say: the whole distribution, as in training, and as long as training lets answers be unless told. */
export const DEFAULT_GENERATION: GenerationSettings = { temperature: 1, topP: 1, topK: 0, maxNewTokens: 96 };

const schema = v.looseObject({
  do_sample: v.nullish(v.boolean()),
  temperature: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  top_p: v.nullish(v.pipe(v.number(), v.gtValue(0), v.maxValue(1))),
  top_k: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(0))),
  min_p: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(1))),
  max_new_tokens: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1))),
});

/**
 * What generation_config.json says, with defaults for what it does not; `json` is undefined where there is no such file.
 * Throws ModelFolderError naming the key that is wrong. @param from the folder, for messages.
 */
export function parseGenerationConfig(from: string, json: unknown): GenerationSettings {
  if (json === undefined) return DEFAULT_GENERATION;
  const parsed = v.safeParse(schema, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const key = v.getDotPath(issue) ?? 'the whole';
    const problem = `${from}: ${GENERATION_FILE} has ${key} = ${issue.received}; ${issue.expected ?? issue.message} is needed.`;
    throw new ModelFolderError('bad_json', GENERATION_FILE, problem, `Correct ${key} there, or take it out.`);
  }
  const { do_sample, temperature, top_p, top_k, min_p, max_new_tokens } = parsed.output;
  const usual = DEFAULT_GENERATION;
  return {
    temperature: do_sample === false ? 0 : (temperature ?? usual.temperature),
    topP: top_p ?? usual.topP,
    topK: top_k ?? usual.topK,
    ...(min_p && { minP: min_p }),
    maxNewTokens: max_new_tokens ?? usual.maxNewTokens,
  };
}

const isSame = (a: GenerationSettings, b: GenerationSettings) => JSON.stringify(a) === JSON.stringify(b);

/**
 * The text of generation_config.json. The file that a folder brought is kept as it was where it says the same, and else
 * keeps what these settings are not about, such as several end tokens. @param endTokens those that end the model's answers.
 */
export function writeGenerationConfig(
  tokenIds: TokenIds,
  settings: GenerationSettings,
  carried: Uint8Array | undefined,
  endTokens: readonly number[] = [],
): string | Uint8Array {
  const found: unknown = carried && JSON.parse(new TextDecoder().decode(carried));
  const given = v.parse(v.fallback(v.record(v.string(), v.unknown()), {}), found);
  // Where only the tokenizer's files name the end, generate() of transformers would never stop.
  const isEndless = (given.eos_token_id ?? tokenIds.eos_token_id) === null && endTokens.length > 0;
  if (carried && !isEndless && isSame(parseGenerationConfig('', found), settings)) return carried;
  const json = {
    ...tokenIds,
    ...given,
    ...(isEndless && { eos_token_id: endTokens.length === 1 ? endTokens[0] : endTokens }),
    do_sample: settings.temperature > 0,
    temperature: settings.temperature || undefined,
    // Of 0, transformers keeps every token; it would keep 50 if nothing were said.
    top_k: settings.topK,
    top_p: settings.topP,
    min_p: settings.minP,
    max_new_tokens: settings.maxNewTokens,
  };
  // transformers takes these only as floats, which in JSON have a point.
  return `${JSON.stringify(json, null, 2)}\n`.replace(/("(?:temperature|top_p|min_p)": \d+)(?=[,\n])/g, '$1.0');
}
