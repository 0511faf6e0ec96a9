// tokenizer.json by its schema (Hugging Face's tokenizers 0.22), as far as the library here reads it, within limits.
// What the library gets is made here of what was checked: nothing that was not looked at reaches it.
import { LIMITS } from './limits';
import {
  RESAVE,
  readFlag,
  readInteger,
  readList,
  readObject,
  readText,
  refuse,
  TokenizerFormatError,
} from './tokenizerJsonFields';
import { readModel } from './tokenizerModel';

type Json = Readonly<Record<string, unknown>>;

/** Reads a field; the place is that of the field. */
type Field = (value: unknown, place: string) => unknown;

const flag: Field = readFlag;
const text: Field = (value, place) => readText(value, place, LIMITS.text);
const pattern: Field = (value, place) => {
  const { Regex: regex, String: string } = readObject(value, place);
  if (regex !== undefined) return { Regex: readText(regex, `${place}.Regex`, LIMITS.pattern) };
  return { String: readText(string, `${place}.String`, LIMITS.text) };
};
const count =
  (least: number): Field =>
  (value, place) =>
    readInteger(value, place, least, LIMITS.count);

interface Kind {
  /** Without these it cannot work. */
  readonly needed?: Readonly<Record<string, Field>>;
  /** May be missing or null. */
  readonly optional?: Readonly<Record<string, Field>>;
}

const replace: Kind = { needed: { pattern }, optional: { content: text } };

/** The kinds of each part that the library has, with the fields that it reads; a Sequence's list is under `list`. */
const PARTS: Readonly<Record<string, { readonly list: string; readonly kinds: Readonly<Record<string, Kind>> }>> = {
  normalizer: {
    list: 'normalizers',
    kinds: {
      BertNormalizer: {
        optional: { clean_text: flag, handle_chinese_chars: flag, strip_accents: flag, lowercase: flag },
      },
      Precompiled: {},
      Replace: replace,
      NFC: {},
      NFD: {},
      NFKC: {},
      NFKD: {},
      Strip: { optional: { strip_left: flag, strip_right: flag } },
      StripAccents: {},
      Lowercase: {},
      Prepend: { needed: { prepend: text } },
    },
  },
  pre_tokenizer: {
    list: 'pretokenizers',
    kinds: {
      BertPreTokenizer: {},
      Whitespace: {},
      WhitespaceSplit: {},
      Metaspace: { optional: { replacement: text, str_rep: text, prepend_scheme: text } },
      ByteLevel: { optional: { add_prefix_space: flag, trim_offsets: flag, use_regex: flag } },
      Split: { needed: { pattern }, optional: { behavior: text, invert: flag } },
      Punctuation: { optional: { behavior: text } },
      Digits: { optional: { individual_digits: flag } },
      Replace: replace,
      FixedLength: { needed: { length: count(1) } },
    },
  },
  decoder: {
    list: 'decoders',
    kinds: {
      ByteLevel: { optional: { trim_offsets: flag } },
      WordPiece: { optional: { prefix: text, cleanup: flag } },
      Metaspace: { optional: { replacement: text } },
      BPEDecoder: { optional: { suffix: text } },
      CTC: { optional: { pad_token: text, word_delimiter_token: text, cleanup: flag } },
      Replace: replace,
      Fuse: {},
      Strip: { optional: { content: text, start: count(0), stop: count(0) } },
      ByteFallback: {},
    },
  },
};

/** Counts the parts of a file. */
class PartReader {
  #numParts = 0;

  read(part: keyof typeof PARTS, value: unknown, place: string, depth: number): Json {
    const { list, kinds } = PARTS[part] as (typeof PARTS)[string];
    if (++this.#numParts > LIMITS.parts) refuse(place, `part ${this.#numParts}`, `at most ${LIMITS.parts} parts`);
    if (depth > LIMITS.depth) refuse(place, 'nested', `at most ${LIMITS.depth} Sequences in one another`);
    const json = readObject(value, place);
    const { type } = json;
    if (type === 'Sequence') {
      const members = readList(json[list] ?? [], `${place}.${list}`, LIMITS.parts);
      const read = members.map((member, i) => this.read(part, member, `${place}.${list}[${i}]`, depth + 1));
      return { type, [list]: read };
    }
    if (typeof type !== 'string' || !Object.hasOwn(kinds, type))
      return refuse(`${place}.type`, type, `one of Sequence, ${Object.keys(kinds).join(', ')}`);
    const { needed = {}, optional = {} } = kinds[type] as Kind;
    const fields: Record<string, unknown> = { type };
    for (const [name, field] of Object.entries(needed)) fields[name] = field(json[name], `${place}.${name}`);
    for (const [name, field] of Object.entries(optional))
      if ((json[name] ?? null) !== null) fields[name] = field(json[name], `${place}.${name}`);
    return fields;
  }
}

export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
}

/** What the library is given. */
export interface CheckedTokenizerJson {
  readonly model: Json;
  readonly normalizer: Json | null;
  readonly pre_tokenizer: Json | null;
  readonly decoder: Json | null;
  /** Puts tokens around a text, which is done here by name. */
  readonly post_processor: null;
  readonly added_tokens: readonly AddedToken[];
}

/** Checks a parsed tokenizer.json. Throws TokenizerFormatError, which says where and what is needed. */
export function readTokenizerJson(json: unknown): CheckedTokenizerJson {
  const broken = (what: string) => new TokenizerFormatError(`tokenizer.json ${what}.`, RESAVE);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw broken('is not a JSON object');
  const file = json as Json;
  if (!Object.hasOwn(file, 'model')) throw broken('must contain a "model" property');
  const parts = new PartReader();
  const part = (name: keyof typeof PARTS) =>
    (file[name] ?? null) === null ? null : parts.read(name as string, file[name], name as string, 0);
  const { model, tokens } = readModel(file.model);
  return {
    model,
    normalizer: part('normalizer'),
    pre_tokenizer: part('pre_tokenizer'),
    decoder: part('decoder'),
    post_processor: null,
    added_tokens: readAddedTokens(file.added_tokens ?? [], tokens),
  };
}

/** @param tokens those of the vocabulary, by id: an added token may be one of them again */
function readAddedTokens(value: unknown, tokens: ReadonlyMap<number, string>): AddedToken[] {
  const ids = new Map(tokens);
  const contents = new Map(Array.from(tokens, ([id, token]) => [token, id]));
  let characters = 0;
  return readList(value, 'added_tokens', LIMITS.addedTokens).map((item, i) => {
    const place = `added_tokens[${i}]`;
    const json = readObject(item, place);
    const id = readInteger(json.id, `${place}.id`, 0, LIMITS.ids - 1);
    const content = readText(json.content, `${place}.content`, LIMITS.token);
    if (content === '') refuse(`${place}.content`, content, 'a text of a character at least');
    characters += content.length;
    if (characters > LIMITS.addedCharacters)
      refuse('added_tokens', `${characters} characters`, `at most ${LIMITS.addedCharacters} in all`);
    if ((ids.get(id) ?? content) !== content)
      refuse(`${place}.id`, id, `an id that is not that of ${JSON.stringify(ids.get(id))}`);
    if ((contents.get(content) ?? id) !== id)
      refuse(`${place}.id`, id, `${contents.get(content)}, the id of that token elsewhere in the file,`);
    ids.set(id, content);
    contents.set(content, id);
    const flags = ['single_word', 'lstrip', 'rstrip', 'normalized', 'special'] as const;
    const given = flags.filter((name) => (json[name] ?? null) !== null);
    const read = Object.fromEntries(given.map((name) => [name, readFlag(json[name], `${place}.${name}`)]));
    return { special: false, ...read, id, content };
  });
}
