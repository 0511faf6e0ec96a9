// Bytes as what is encoded: tokens where the tokenizer reads them and gives back the very same text, single bytes elsewhere.
import { SoliloquyError } from '../../lib/errors';
import { type Tokenizer, UnreadableTextError } from '../../tokenizer/tokenizer';

export type Piece = { readonly token: number } | { readonly byte: number };

/** The longest run that a tokenizer is given at once. */
const MOST_CHARACTERS = 4000;
/** Runs that a tokenizer does not give back as they were are tried in halves down to this length. */
const LEAST_CHARACTERS = 4;

const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Pieces that `joinPieces` makes the same bytes of.
 * @param isLines whether each line is a text of its own: its end is then the end token.
 */
export function splitPieces(bytes: Uint8Array, tokenizer: Tokenizer, isLines: boolean): Piece[] {
  const pieces = runsOf(bytes).flatMap((run): Piece[] =>
    typeof run === 'string' ? textPieces(run, tokenizer, isLines) : bytePieces(run),
  );
  // What stands at a seam may be written in another way together.
  const again = joinPieces(pieces, tokenizer, isLines);
  return again.length === bytes.length && again.every((byte, i) => byte === bytes[i]) ? pieces : bytePieces(bytes);
}

/** The bytes of pieces. */
export function joinPieces(pieces: readonly Piece[], tokenizer: Tokenizer, isLines: boolean): Uint8Array {
  const parts: Uint8Array[] = [];
  let ids: number[] = [];
  const end = () => {
    if (ids.length > 0) parts.push(encoder.encode(tokenizer.decode(ids)));
    ids = [];
  };
  for (const piece of pieces) {
    if ('token' in piece && !(isLines && piece.token === tokenizer.eosId)) ids.push(piece.token);
    else {
      end();
      parts.push(Uint8Array.of('token' in piece ? NEWLINE : piece.byte));
    }
  }
  end();
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

const NEWLINE = 10;

const bytePieces = (bytes: Uint8Array): Piece[] => Array.from(bytes, (byte) => ({ byte }));

/** Stretches of UTF-8, and between them bytes that are none. */
function runsOf(bytes: Uint8Array): (string | Uint8Array)[] {
  const runs: (string | Uint8Array)[] = [];
  let [textFrom, at] = [0, 0];
  const endText = () => {
    if (at > textFrom) runs.push(strict.decode(bytes.subarray(textFrom, at)));
  };
  while (at < bytes.length) {
    const length = characterLength(bytes, at);
    if (length > 0) at += length;
    else {
      endText();
      runs.push(bytes.subarray(at, at + 1));
      textFrom = ++at;
    }
  }
  endText();
  return runs;
}

/** Bytes of the UTF-8 character that begins there; 0 where none does. */
function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  try {
    return strict.decode(bytes.subarray(at, at + length)).length > 0 ? length : 0;
  } catch {
    return 0;
  }
}

function textPieces(text: string, tokenizer: Tokenizer, isLines: boolean): Piece[] {
  if (isLines && text.includes('\n')) {
    const end: Piece = { token: tokenizer.eosId };
    return text.split('\n').flatMap((line, i) => [...(i > 0 ? [end] : []), ...textPieces(line, tokenizer, true)]);
  }
  const characters = [...text];
  if (characters.length > MOST_CHARACTERS) return halves(characters, tokenizer, MOST_CHARACTERS);
  let unreadable: ReadonlySet<string>;
  try {
    const ids = tokenizer.encode(text);
    const isSame = tokenizer.decode(ids) === text && (!isLines || !ids.includes(tokenizer.eosId));
    if (isSame) return ids.map((token) => ({ token }));
    unreadable = new Set();
  } catch (error) {
    if (!(error instanceof SoliloquyError)) throw error;
    unreadable = new Set(error instanceof UnreadableTextError ? error.characters : []);
  }
  if (characters.some((character) => unreadable.has(character))) {
    return splitAt(characters, unreadable).flatMap((run) =>
      unreadable.has(run) ? bytePieces(encoder.encode(run)) : textPieces(run, tokenizer, isLines),
    );
  }
  if (characters.length <= LEAST_CHARACTERS) return bytePieces(encoder.encode(text));
  return halves(characters, tokenizer, Math.ceil(characters.length / 2));
}

function halves(characters: readonly string[], tokenizer: Tokenizer, at: number): Piece[] {
  const parts = [characters.slice(0, at), characters.slice(at)];
  return parts.flatMap((part) => textPieces(part.join(''), tokenizer, false));
}

/** The characters that are in the set each by itself, and what stands between them. */
function splitAt(characters: readonly string[], set: ReadonlySet<string>): string[] {
  const runs: string[] = [];
  let isOpen = false;
  for (const character of characters) {
    if (set.has(character)) runs.push(character);
    else if (isOpen) runs[runs.length - 1] += character;
    else runs.push(character);
    isOpen = !set.has(character);
  }
  return runs;
}
