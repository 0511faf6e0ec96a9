// How large the parts of a tokenizer.json may be. The largest in use are several times smaller.
export const LIMITS = {
  /** Tokens, and the highest id + 1; Gemma has 262 thousand. */
  ids: 2 ** 20,
  merges: 2 ** 21,
  /** Characters of a token: in use are runs of 128 spaces. */
  token: 512,
  addedTokens: 20_000,
  addedCharacters: 500_000,
  /** Characters of all tokens of a Unigram model, which are kept letter by letter. */
  unigramCharacters: 2_000_000,
  /** Characters of a regular expression, and of any other text; o200k's expression has 400. */
  pattern: 2048,
  text: 256,
  /** Normalizers, pre-tokenizers and decoders together, and Sequences in one another. */
  parts: 64,
  depth: 8,
  count: 100_000,
  /** Characters of a word that WordPiece looks at. */
  wordCharacters: 1000,
} as const;
