// Text to token ids and back, from any tokenizer.json. What a model cannot read is an error that names it.
import { SoliloquyError } from '../lib/errors';
import { opensThinking, TAGS } from '../tasks/completion';
import { MAX_CHARACTERS } from './budget';
import { type Library, openLibrary } from './library';
import { BOS_TOKEN, EOS_TOKEN, PAD_TOKEN } from './specialTokens';
import { readChatTemplate } from './template/chatTemplate';
import { readTokenizerJson } from './tokenizerJson';
import { RESAVE, TokenizerFormatError } from './tokenizerJsonFields';
import { tokenRemover } from './wholeTokens';

export { TokenizerLimitError } from './budget';
export { TokenizerFormatError } from './tokenizerJsonFields';

export interface Tokenizer {
  /** Highest id + 1. A model may have more rows. */
  readonly vocabSize: number;
  readonly bosId: number;
  /** What ends a text that is trained on: the first of `endTokens`. */
  readonly eosId: number;
  /** Every token that ends an answer, each once. */
  readonly endTokens: readonly number[];
  readonly padId: number;
  /** The parsed tokenizer.json that it was made from. */
  readonly tokenizerJson: unknown;
  /** Ids of the text alone, nothing put before or after it. Throws UnreadableTextError. */
  encode(text: string): number[];
  /**
   * What the model continues: the question in its chat template, or after the begin token where it has none. Throws
   * UnreadableTextError or ChatTemplateError.
   */
  encodePrompt(question: string): number[];
  /** Whether the prompt opens a thought, so that what follows it is thinking. */
  opensThinking(prompt: readonly number[]): boolean;
  /** The text of the ids; special tokens (begin, end, padding) and ids without text are left out. */
  decode(ids: ArrayLike<number>): string;
  /** What one token, special or not, adds to a text. An id without text is shown as `<|id|>`. */
  tokenText(id: number): string;
  /** The id of a whole token such as `</think>` or ` then `. */
  idOf(token: string): number | undefined;
}

type TokenName = string | { readonly content: string } | null;

/**
 * Which tokens begin, end and pad: a parsed tokenizer_config.json (names), config.json (ids) or both will do, a name
 * before an id. What is missing in both is looked for under this project's own names; padding falls back to the end
 * token. Of end tokens all count, those by name before those by id.
 */
export interface TokenRoles {
  readonly bos_token?: TokenName;
  readonly eos_token?: TokenName;
  readonly pad_token?: TokenName;
  readonly bos_token_id?: number | null;
  readonly eos_token_id?: number | readonly number[] | null;
  readonly pad_token_id?: number | null;
}

/** A text that is too long to be read at once. */
export class TextTooLongError extends SoliloquyError {
  readonly code = 'text_too_long';
  constructor(characters: number) {
    super(`The text has ${characters} characters; at most ${MAX_CHARACTERS} are read.`, 'Shorten it.');
  }
}

/** A text with characters that the model has no token for. */
export class UnreadableTextError extends SoliloquyError {
  readonly code = 'unreadable_text';
  /** The unreadable characters, each once, in order of appearance. */
  readonly characters: readonly string[];

  constructor(characters: readonly string[], readable: string) {
    const named = characters.slice(0, 5).map((character) => `“${character}”`);
    const more = characters.length > named.length ? ` and ${characters.length - named.length} more` : '';
    super(`The model cannot read ${named.join(', ')}${more}.`, `It reads ${readable}.`);
    this.characters = characters;
  }
}

/**
 * Throws TokenizerFormatError when the file is not a tokenizer or has no begin or end token. What the tokenizer makes
 * of a text is counted: its methods throw TokenizerLimitError where it takes too long, and TextTooLongError.
 * @param chatTemplate the source of the model's template; ChatTemplateError where it cannot be read
 */
export function createTokenizer(tokenizerJson: unknown, roles: TokenRoles = {}, chatTemplate?: string): Tokenizer {
  const library = open(tokenizerJson);
  const { inner, budget } = library;
  const vocab = inner.get_vocab();
  // The vocabulary may have holes, which the library lists under an undefined token.
  const entries = Array.from(vocab).filter(([token]) => token !== undefined);
  const texts = new Map(entries.map(([token, id]) => [id, token]));
  // Not spread into Math.max: DeepSeek-V3's 129 thousand ids are more arguments than a call may have.
  const vocabSize = [...texts.keys()].reduce((highest, id) => Math.max(highest, id), -1) + 1;
  const { bosId, endTokens, eosId, padId } = findRoles(vocab, roles);
  // What ends an answer is no part of its text, special or not; the tags are, whatever their tokenizer says.
  const specialIds = new Set([
    ...[...inner.get_added_tokens_decoder().values()]
      .filter(({ special, content }) => special && !isTag(content))
      .map((token) => token.id),
    ...endTokens,
  ]);
  const encode = encoderOf(library, vocab);
  const textOf = (ids: number[]) => {
    budget.restart();
    return ids.length === 0
      ? ''
      : inner.decode(ids, { skip_special_tokens: false, clean_up_tokenization_spaces: false });
  };
  // After itself a token keeps the space before it, which decoders strip from the beginning of a text.
  const tokenText = (id: number) => (texts.has(id) ? textOf([id, id]).slice(textOf([id]).length) : `<|${id}|>`);
  const template = chatTemplate === undefined ? undefined : readChatTemplate(chatTemplate);
  const names = { bos_token: tokenText(bosId), eos_token: tokenText(eosId), pad_token: tokenText(padId) };
  const encodePrompt = (question: string) =>
    template ? encode(template.prompt([{ role: 'user', content: question }], names)) : [bosId, ...encode(question)];

  return {
    vocabSize,
    bosId,
    eosId,
    endTokens,
    padId,
    tokenizerJson,
    encode,
    encodePrompt,
    opensThinking: (prompt) => opensThinking(prompt.map(tokenText).join('')),
    decode: (ids) => textOf(Array.from(ids).filter((id) => texts.has(id) && !specialIds.has(id))),
    tokenText,
    idOf: (token) => vocab.get(token),
  };
}

/** The tokens that begin, end and fill up a text. Throws TokenizerFormatError where none begins or ends one. */
function findRoles(vocab: ReadonlyMap<string, number>, roles: TokenRoles) {
  const find = (name: 'bos' | 'eos' | 'pad', ownName: string): number[] => {
    const token = roles[`${name}_token`];
    const named = token ? vocab.get(typeof token === 'string' ? token : token.content) : undefined;
    const found = new Set([named, roles[`${name}_token_id`]].flat().filter((id) => id !== undefined && id !== null));
    const own = vocab.get(ownName);
    return found.size > 0 || own === undefined ? [...found] : [own];
  };
  const bosId = getRole('begin', 'bos_token', find('bos', BOS_TOKEN)[0]);
  const endTokens = find('eos', EOS_TOKEN);
  const eosId = getRole('end', 'eos_token', endTokens[0]);
  return { bosId, endTokens, eosId, padId: find('pad', PAD_TOKEN)[0] ?? eosId };
}

/** From texts to ids. What it returns throws TextTooLongError, UnreadableTextError and TokenizerLimitError. */
function encoderOf({ inner, budget }: Library, vocab: ReadonlyMap<string, number>): (text: string) => number[] {
  const unknownId = inner.model?.unk_token_id;
  const idsOf = (text: string) => (text === '' ? [] : inner.encode(text, { add_special_tokens: false }).ids);
  const withoutWholeTokens = tokenRemover(
    [...inner.get_added_tokens_decoder().values()].map((token) => token.content),
    budget,
  );
  const readability = new Map<string, boolean>();
  const canRead = (character: string) => {
    let readable = readability.get(character);
    if (readable === undefined) {
      const ids = idsOf(character);
      readable = ids.length > 0 && ids.every((id) => id !== undefined && id !== unknownId);
      readability.set(character, readable);
    }
    return readable;
  };
  return (text) => {
    if (text.length > MAX_CHARACTERS) throw new TextTooLongError(text.length);
    budget.restart();
    const unreadable = [...new Set(withoutWholeTokens(text))].filter((character) => !canRead(character));
    if (unreadable.length > 0) throw new UnreadableTextError(unreadable, describeCharacters([...vocab.keys()]));
    const ids = idsOf(text);
    // Letters that are known one by one may have no token together.
    if (ids.includes(undefined as unknown as number))
      throw new UnreadableTextError([text.slice(0, 40)], 'its letters apart');
    return ids;
  };
}

const isTag = (content: string) => TAGS.some((tag) => tag === content);

function open(tokenizerJson: unknown): Library {
  const json = readTokenizerJson(tokenizerJson);
  try {
    return openLibrary(json);
  } catch (cause) {
    if (cause instanceof SoliloquyError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TokenizerFormatError(`tokenizer.json cannot be read: ${reason}.`, RESAVE, { cause });
  }
}

function getRole(what: string, name: string, id: number | undefined): number {
  if (id !== undefined) return id;
  throw new TokenizerFormatError(
    `The tokenizer has no ${what} token.`,
    `Name one as ${name} in tokenizer_config.json.`,
  );
}

/** Of more, as of a large model's, the first are listed: what was typed may be written otherwise. */
const MOST_LISTED = 400;

/** The single characters among the tokens in words: `0–9, A–Z, a–z, space, newline, !"#%&` and `12 more`. */
function describeCharacters(tokens: readonly string[]): string {
  const single = new Set(tokens.filter((token) => token !== undefined && [...token].length === 1));
  const take = (characters: string) => {
    const complete = [...characters].every((character) => single.has(character));
    if (complete) for (const character of characters) single.delete(character);
    return complete;
  };
  const range = (first: string, last: string) => {
    const start = first.charCodeAt(0);
    const length = last.charCodeAt(0) - start + 1;
    return take(String.fromCharCode(...Array.from({ length }, (_, index) => start + index)))
      ? [`${first}–${last}`]
      : [];
  };
  const parts = [...range('0', '9'), ...range('A', 'Z'), ...range('a', 'z')];
  if (take(' ')) parts.push('space');
  if (take('\n')) parts.push('newline');
  const rest = [...single].sort();
  const listed = rest.slice(0, MOST_LISTED).join('');
  const text = [...parts, ...(listed === '' ? [] : [listed])].join(', ');
  return rest.length > MOST_LISTED ? `${text} and ${rest.length - MOST_LISTED} more` : text;
}
