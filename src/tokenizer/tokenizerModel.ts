// The `model` of a tokenizer.json: its vocabulary and how words are put together from it.
import { LIMITS } from './limits';
import { readInteger, readList, readObject, readText, refuse } from './tokenizerJsonFields';

type Json = Readonly<Record<string, unknown>>;

export interface CheckedModel {
  readonly model: Json;
  /** The vocabulary by id. */
  readonly tokens: ReadonlyMap<number, string>;
}

const TYPES = ['BPE', 'WordPiece', 'Unigram', 'WordLevel'] as const;
const PLACE = 'model';

/** Throws TokenizerFormatError. */
export function readModel(value: unknown): CheckedModel {
  const json = readObject(value, PLACE);
  const type = typeOf(json);
  if (type === 'Unigram') return readUnigram(json);
  const tokens = readVocabulary(json.vocab);
  const { vocab } = json;
  const optional = (name: string) =>
    (json[name] ?? null) === null ? null : readText(json[name], `${PLACE}.${name}`, LIMITS.token);
  const flag = (name: string) => {
    const found = json[name] ?? false;
    return typeof found === 'boolean' ? found : refuse(`${PLACE}.${name}`, found, 'true or false');
  };
  const unk_token = optional('unk_token');
  if (type === 'WordLevel') return { model: { type, vocab, unk_token }, tokens };
  if (type === 'WordPiece') {
    const most = json.max_input_chars_per_word ?? 100;
    const max_input_chars_per_word = readInteger(most, `${PLACE}.max_input_chars_per_word`, 1, LIMITS.wordCharacters);
    const continuing_subword_prefix = optional('continuing_subword_prefix') ?? '##';
    return { model: { type, vocab, unk_token, continuing_subword_prefix, max_input_chars_per_word }, tokens };
  }
  const model = {
    type,
    vocab,
    merges: readMerges(json.merges),
    unk_token,
    end_of_word_suffix: optional('end_of_word_suffix'),
    continuing_subword_suffix: optional('continuing_subword_suffix'),
    byte_fallback: flag('byte_fallback'),
    fuse_unk: flag('fuse_unk'),
    ignore_merges: flag('ignore_merges'),
  };
  return { model, tokens };
}

/** Old files have no type. */
function typeOf(json: Json): (typeof TYPES)[number] {
  const known = TYPES.find((type) => type === json.type);
  if (known !== undefined) return known;
  if (json.type !== undefined) return refuse(`${PLACE}.type`, json.type, `one of ${TYPES.join(', ')}`);
  if (Array.isArray(json.vocab)) return 'Unigram';
  if (json.merges !== undefined) return 'BPE';
  return json.continuing_subword_prefix === undefined ? 'WordLevel' : 'WordPiece';
}

function readVocabulary(value: unknown): Map<number, string> {
  const place = `${PLACE}.vocab`;
  const entries = Object.entries(readObject(value, place));
  if (entries.length > LIMITS.ids) refuse(`${place}.length`, entries.length, `at most ${LIMITS.ids}`);
  const tokens = new Map<number, string>();
  for (const [token, value] of entries) {
    // The place is made only for what is refused: there may be a million.
    if (!(typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < LIMITS.ids))
      refuse(`${place}[${JSON.stringify(token.slice(0, 40))}]`, value, `an integer from 0 to ${LIMITS.ids - 1}`);
    const id = value as number;
    if (token.length > LIMITS.token) refuse(`${place}, a token’s length`, token.length, `at most ${LIMITS.token}`);
    if (tokens.has(id))
      refuse(
        `${place}[${JSON.stringify(token.slice(0, 40))}]`,
        id,
        `an id that is not that of ${JSON.stringify(tokens.get(id))}`,
      );
    tokens.set(id, token);
  }
  return tokens;
}

function readMerges(value: unknown): readonly unknown[] {
  const place = `${PLACE}.merges`;
  const merges = readList(value ?? [], place, LIMITS.merges);
  const arePairs = Array.isArray(merges[0]);
  const isToken = (part: unknown) => typeof part === 'string' && part.length <= LIMITS.token;
  const isMerge = (merge: unknown) =>
    arePairs
      ? Array.isArray(merge) && merge.length === 2 && merge.every(isToken)
      : typeof merge === 'string' && merge.length <= 2 * LIMITS.token + 1 && merge.includes(' ');
  const bad = merges.findIndex((merge) => !isMerge(merge));
  if (bad >= 0)
    refuse(
      `${place}[${bad}]`,
      merges[bad],
      `${arePairs ? 'a pair of tokens' : 'two tokens parted by a space'}, as in the first`,
    );
  return merges;
}

function readUnigram(json: Json): CheckedModel {
  const place = `${PLACE}.vocab`;
  const vocab = readList(json.vocab, place, LIMITS.ids);
  if (vocab.length === 0) refuse(place, vocab, 'a list of a token at least');
  let characters = 0;
  const tokens = new Map<number, string>();
  vocab.forEach((entry, id) => {
    const [token, score] = Array.isArray(entry) && entry.length === 2 ? entry : [];
    if (
      typeof token !== 'string' ||
      token.length > LIMITS.token ||
      typeof score !== 'number' ||
      !Number.isFinite(score)
    )
      refuse(`${place}[${id}]`, entry, `a token of at most ${LIMITS.token} characters and its score`);
    characters += (token as string).length;
    tokens.set(id, token as string);
  });
  if (characters > LIMITS.unigramCharacters)
    refuse(place, `${characters} characters`, `at most ${LIMITS.unigramCharacters} in all`);
  const unk_id =
    (json.unk_id ?? null) === null ? undefined : readInteger(json.unk_id, `${PLACE}.unk_id`, 0, vocab.length - 1);
  return { model: { type: 'Unigram', vocab, ...(unk_id !== undefined && { unk_id }) }, tokens };
}
