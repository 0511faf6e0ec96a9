// Builds tokenizer.json: single characters plus the whole words of the tasks, about a hundred tokens in all.
import { TAGS } from '../tasks/completion';
import type { Task } from '../tasks/task';
import { BOS_TOKEN, EOS_TOKEN, PAD_TOKEN, UNKNOWN_TOKEN } from './specialTokens';

/** Sizes that are a multiple of this suit the kernels' tiles. */
const VOCAB_MULTIPLE = 8;

// Enough for sums, TeX equations and small programs. Digits stay single so that sums can be seen digit by digit.
const PRINTABLE_ASCII = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));

interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly single_word: false;
  readonly lstrip: false;
  readonly rstrip: false;
  readonly normalized: false;
  readonly special: boolean;
}

/** The parts of tokenizer.json that are written here; transformers and @huggingface/tokenizers read it. */
export interface TokenizerJson {
  readonly version: '1.0';
  readonly truncation: null;
  readonly padding: null;
  readonly added_tokens: readonly AddedToken[];
  readonly normalizer: null;
  readonly pre_tokenizer: null;
  readonly post_processor: Readonly<Record<string, unknown>>;
  readonly decoder: { readonly type: 'Fuse' };
  readonly model: {
    readonly type: 'BPE';
    readonly unk_token: string;
    readonly vocab: Readonly<Record<string, number>>;
    readonly merges: readonly [];
  } & Readonly<Record<string, unknown>>;
}

/**
 * A vocabulary for the tasks: special tokens, tags, newline, printable ASCII, the tasks' other characters, their
 * words, and reserved tokens up to a multiple of eight, so that every row of a model has a text.
 */
export function buildTokenizerJson(tasks: readonly Task[]): TokenizerJson {
  const specials = [PAD_TOKEN, BOS_TOKEN, EOS_TOKEN, UNKNOWN_TOKEN];
  const words = [...new Set(tasks.flatMap((task) => task.words))];
  const characters = new Set(['\n', ...PRINTABLE_ASCII, ...tasks.flatMap((task) => [...task.characters])]);
  const tokens: string[] = [...specials, ...TAGS, ...characters, ...words];
  const reserved = Array.from({ length: -tokens.length & (VOCAB_MULTIPLE - 1) }, (_, index) => `<|reserved_${index}|>`);
  tokens.push(...reserved);

  const special = new Set([...specials, ...reserved]);
  const whole = new Set([...special, ...TAGS, ...words]);
  const added = tokens.flatMap((content, id): AddedToken[] =>
    whole.has(content)
      ? [
          {
            id,
            content,
            single_word: false,
            lstrip: false,
            rstrip: false,
            normalized: false,
            special: special.has(content),
          },
        ]
      : [],
  );
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: null,
    post_processor: beginsWith(BOS_TOKEN, tokens.indexOf(BOS_TOKEN)),
    // Without a decoder, transformers puts a space between tokens.
    decoder: { type: 'Fuse' },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: UNKNOWN_TOKEN,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: [],
    },
  };
}

// Tools that tokenize a plain prompt get the begin token as the model was trained to see it.
function beginsWith(token: string, id: number): TokenizerJson['post_processor'] {
  const begin = { SpecialToken: { id: token, type_id: 0 } };
  const text = (id: 'A' | 'B', type_id: number) => ({ Sequence: { id, type_id } });
  return {
    type: 'TemplateProcessing',
    single: [begin, text('A', 0)],
    pair: [begin, text('A', 0), text('B', 1)],
    special_tokens: { [token]: { id: token, ids: [id], tokens: [token] } },
  };
}
