// JSON of strangers. JSON.parse hides what a hostile file may play with: of a key that is there twice the last wins, nesting
// has no end, half a surrogate pair is a string. One pass over the text looks for these first.

/** What is wrong and at which character. */
export class JsonError extends Error {
  constructor(
    readonly problem: string,
    readonly position: number,
    /** A key that is there twice, half a surrogate pair, or what is no JSON or too much of it. */
    readonly kind: 'duplicate' | 'surrogate' | 'other' = 'other',
  ) {
    super(`${problem} at character ${position}`);
    this.name = 'JsonError';
  }

  /** The place as an editor shows it. */
  placeIn(text: string): string {
    const before = text.slice(0, this.position).split('\n');
    return `line ${before.length}, column ${(before.at(-1) as string).length + 1}`;
  }
}

export interface JsonLimits {
  /** Objects and lists in one another. */
  readonly depth: number;
  /** Values, keys not counted. */
  readonly values: number;
  /** Whether numbers are written as digits alone. */
  readonly onlyDigits?: boolean;
}

/** A configuration: deeper or longer ones are damaged or hostile. */
export const CONFIG_LIMITS: JsonLimits = { depth: 32, values: 200_000 };

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const [ZERO, NINE, MINUS, LETTERS] = [0x30, 0x39, 0x2d, 0x41];
const NUMBER = /[-+.eE0-9]+/y;
/** NaN and Infinity among them, which Python writes. */
const WORD = /[^\s,:"[\]{}]+/y;

/**
 * Parses a text, as JSON.parse does, within limits. Keys are own properties, `__proto__` too.
 * @throws JsonError also for a key that is there twice in one object, half a surrogate pair, nesting or a number of values
 * beyond the limits.
 */
export function parseJson(text: string, limits: JsonLimits = CONFIG_LIMITS): unknown {
  scan(text, limits);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw malformed(text, cause);
  }
}

/** Engines word it differently; some say where. */
function malformed(text: string, cause: unknown): JsonError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const position = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  const found = position < text.length ? JSON.stringify(text.slice(position, position + 12)) : 'the end';
  return new JsonError(`${found} is not expected`, position);
}

/** What is wrong with a text that JSON.parse may take; what JSON.parse refuses may pass. */
function scan(text: string, { depth, values, onlyDigits = false }: JsonLimits): void {
  // The keys of each open object; undefined for a list.
  const open: (Keys | undefined)[] = [];
  let keys: Keys | undefined;
  let isKeyNext = false;
  let count = 1;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      const end = endOfString(text, at);
      const value = stringAt(text, at, end);
      if (isKeyNext && keys) {
        if (!keys.add(value))
          throw new JsonError(`the key ${JSON.stringify(value.slice(0, 60))} is there twice`, at, 'duplicate');
        isKeyNext = false;
      }
      at = end;
    } else if (char === OPEN_OBJECT || char === OPEN_LIST) {
      if (open.length === depth) throw new JsonError(`more than ${depth} objects and lists in one another`, at);
      keys = char === OPEN_OBJECT ? new Keys() : undefined;
      open.push(keys);
      isKeyNext = char === OPEN_OBJECT;
      count++;
    } else if (char === CLOSE_OBJECT || char === CLOSE_LIST) {
      open.pop();
      keys = open.at(-1);
      isKeyNext = false;
    } else if (char === COMMA) {
      isKeyNext = keys !== undefined;
      count++;
    } else if ((char >= ZERO && char <= NINE) || char === MINUS) {
      at = onlyDigits ? endOfDigits(text, at) : endOf(NUMBER, text, at);
    } else if (char >= LETTERS) {
      const end = endOf(WORD, text, at);
      const word = text.slice(at, end + 1);
      if (!['true', 'false', 'null'].includes(word)) throw new JsonError(`${word.slice(0, 30)} is not expected`, at);
      at = end;
    }
    if (count > values) throw new JsonError(`more than ${values} values`, at);
  }
}

/** Where what matches at `start` has its last character. */
function endOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex - 1 : start;
}

/** Where the number that starts at `start` has its last digit. */
function endOfDigits(text: string, start: number): number {
  let at = start;
  const isDigit = (char: number) => char >= ZERO && char <= NINE;
  while (isDigit(text.charCodeAt(at))) at++;
  const hasSpareZero = text.charCodeAt(start) === ZERO && at - start > 1;
  if (at === start || hasSpareZero || '.eE+-'.includes(text.charAt(at) || ' '))
    throw new JsonError('a number that is not written as digits alone', start);
  return at - 1;
}

/** The keys of an object. Most objects have few, for which a list is quicker than a set. */
class Keys {
  #few: string[] = [];
  #many: Set<string> | undefined;

  /** False where the key is there already. */
  add(key: string): boolean {
    if (this.#many === undefined) {
      if (this.#few.includes(key)) return false;
      this.#few.push(key);
      if (this.#few.length > 8) this.#many = new Set(this.#few);
      return true;
    }
    const { size } = this.#many;
    return this.#many.add(key).size > size;
  }
}

/** Where the string that starts at `start` has its closing quote. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) return at;
    if (char === BACKSLASH) at++;
  }
  throw new JsonError('a string without an end', start);
}

function stringAt(text: string, start: number, end: number): string {
  const raw = text.slice(start + 1, end);
  if (!raw.includes('\\')) return raw;
  let value: string;
  try {
    value = JSON.parse(text.slice(start, end + 1)) as string;
  } catch {
    throw new JsonError('a malformed string', start);
  }
  if (/[\ud800-\udfff]/.test(value) && !isWellFormed(value))
    throw new JsonError('half a surrogate pair', start, 'surrogate');
  return value;
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
