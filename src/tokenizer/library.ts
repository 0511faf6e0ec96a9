// The library that runs tokenizers, held within limits: its regular expressions are exchanged for ones that can be
// ended, and each of its parts is asked how long a text it makes. Both are done while it is built, since it normalizes
// its added tokens then.
import { Tokenizer } from '@huggingface/tokenizers';
import { Budget, MAX_MADE_CHARACTERS, TokenizerLimitError } from './budget';
import { BoundedRegExp } from './pattern/boundedRegExp';
import { PatternError } from './pattern/parse';
import type { CheckedTokenizerJson } from './tokenizerJson';
import { refuse } from './tokenizerJsonFields';

type Json = Readonly<Record<string, unknown>>;
type Method<Argument, Result> = (argument: Argument, options?: unknown) => Result;

/** What the parts of the library have that is used here; its types leave some of it out. */
interface Part {
  pattern?: RegExp | null;
  normalizers?: Part[];
  tokenizers?: Part[];
  decoders?: Part[];
  normalize?: Method<string, string>;
  pre_tokenize_text?: Method<string, string[]>;
  decode_chain?: Method<string[], string[]>;
  encode?: Method<string[], string[]>;
}

export interface Library {
  readonly inner: Tokenizer;
  /** To be restarted for each text. */
  readonly budget: Budget;
}

/** The most characters that a part may make of a text before that is looked at. */
const MAX_UNCHECKED = 20 * MAX_MADE_CHARACTERS;
/** Unicode’s decompositions make at most 18 characters of one. */
const MAX_DECOMPOSITION = 18;

/** Throws TokenizerFormatError or TokenizerLimitError. */
export function openLibrary(json: CheckedTokenizerJson): Library {
  const budget = new Budget();
  class Guarded extends Tokenizer {}
  for (const part of ['normalizer', 'pre_tokenizer', 'decoder'] as const) {
    Object.defineProperty(Guarded.prototype, part, {
      set(this: Tokenizer, value: Part | null) {
        if (value && json[part]) guard(value, json[part], part, budget, json.added_tokens.length);
        Object.defineProperty(this, part, { value });
      },
    });
  }
  const inner = new Guarded(json as object, {});
  guardModel(inner.model as unknown as Part, json.model, budget);
  return { inner, budget };
}

function guard(part: Part, json: Json, place: string, budget: Budget, numAdded: number): void {
  for (const [list, members] of [
    ['normalizers', part.normalizers],
    ['pretokenizers', part.tokenizers],
    ['decoders', part.decoders],
  ] as const) {
    members?.forEach((member, i) => {
      guard(member, (json[list] as Json[])[i] as Json, `${place}.${list}[${i}]`, budget, numAdded);
    });
    if (members) return;
  }
  const isRegex = (json.pattern as Json | undefined)?.Regex !== undefined;
  if (part.pattern && isRegex) part.pattern = bound(part.pattern, `${place}.pattern.Regex`, budget);

  const growth = Math.max(
    MAX_DECOMPOSITION,
    ...Object.values(json).map((value) => (typeof value === 'string' ? value.length : 0)),
  );
  const before = (characters: number) => {
    if ((characters + 1) * growth > MAX_UNCHECKED)
      throw new TokenizerLimitError(place, `may make a text of more than ${MAX_UNCHECKED} characters`);
    budget.spend(characters + 1, place);
  };
  const total = (texts: readonly string[]) => texts.reduce((sum, text) => sum + text.length, texts.length);
  const { normalize, pre_tokenize_text: cut, decode_chain: decode } = part;
  if (normalize) {
    part.normalize = (text) => {
      before(text.length);
      const made = normalize.call(part, text);
      budget.checkLength(made.length, place);
      return made;
    };
  }
  if (cut) {
    part.pre_tokenize_text = (text, options) => {
      before(text.length);
      const pieces = cut.call(part, text, options);
      budget.checkLength(total(pieces), place);
      return pieces;
    };
  }
  if (decode) {
    part.decode_chain = (tokens) => {
      before(total(tokens));
      // Each token is looked for among those that were added.
      if (json.type === 'ByteLevel') budget.spend(Math.ceil((tokens.length * numAdded) / 16), place);
      const made = decode.call(part, tokens);
      budget.checkLength(total(made), place);
      return made;
    };
  }
}

function bound(pattern: RegExp, place: string, budget: Budget): RegExp {
  try {
    return new BoundedRegExp(pattern, pattern.flags, (steps) => budget.spend(steps, place));
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return refuse(place, error.message, 'an expression without that');
  }
}

/** Steps that the model takes for a word, at most, a step being some ten nanoseconds. */
function guardModel(model: Part, json: Json, budget: Budget): void {
  const { encode } = model;
  const words = (json.max_input_chars_per_word as number | undefined) ?? 0;
  const steps = (length: number) => {
    if (json.type === 'WordPiece') return length <= words ? length * length * 4 : length;
    return length * (json.type === 'Unigram' ? 30 : 10);
  };
  if (!encode) return;
  model.encode = (tokens) => {
    budget.spend(
      tokens.reduce((sum, token) => sum + steps(token.length), 0),
      'model',
    );
    return encode.call(model, tokens);
  };
}
