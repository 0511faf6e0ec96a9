// A JSON parser for safetensors headers. Stricter than JSON.parse, which hides what a hostile file may play with:
// duplicate keys are an error, objects become Maps (so no key is magic), numbers are whole and not negative, nesting is
// bounded. Knows nothing of tensors.

export type HeaderValue = string | number | HeaderValue[] | Map<string, HeaderValue>;

/** What is wrong and at which character. */
export class HeaderJsonError extends Error {
  readonly isDuplicate: boolean;

  constructor(problem: string, position: number, isDuplicate = false) {
    super(`${problem} at character ${position}`);
    this.name = 'HeaderJsonError';
    this.isDuplicate = isDuplicate;
  }
}

const MAX_DEPTH = 4;
const WHITESPACE = /[ \t\r\n]*/y;
const WHOLE_NUMBER = /(?:0|[1-9][0-9]*)(?![0-9.eE+-])/y;

/** Parses one object. Throws HeaderJsonError; anything but spaces after the object is an error. */
export function parseHeaderJson(text: string): Map<string, HeaderValue> {
  let at = 0;

  const fail = (problem: string): never => {
    throw new HeaderJsonError(problem, at);
  };
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return undefined;
    at = pattern.lastIndex;
    return match[0];
  };
  const next = (): string | undefined => {
    take(WHITESPACE);
    return text[at];
  };
  const expect = (char: string) => {
    if (next() !== char) fail(`expected ${char}`);
    at += 1;
  };

  const parseString = (): string => {
    if (text[at] !== '"') fail('expected a string');
    let end = at + 1;
    while (text[end] !== '"') {
      if (end >= text.length) fail('a string without an end');
      end += text[end] === '\\' ? 2 : 1;
    }
    const literal = text.slice(at, end + 1);
    at = end + 1;
    try {
      return JSON.parse(literal) as string;
    } catch {
      return fail('a malformed string');
    }
  };

  /** Elements up to `close`, separated by commas, none trailing. The opening bracket is taken already. */
  const parseList = (close: string, parseElement: () => void) => {
    if (next() === close) {
      at += 1;
      return;
    }
    for (;;) {
      parseElement();
      if (next() === close) {
        at += 1;
        return;
      }
      expect(',');
    }
  };

  const parseObject = (depth: number): Map<string, HeaderValue> => {
    const object = new Map<string, HeaderValue>();
    expect('{');
    parseList('}', () => {
      next();
      const start = at;
      const key = parseString();
      if (object.has(key))
        throw new HeaderJsonError(`the key ${JSON.stringify(key.slice(0, 60))} is there twice`, start, true);
      expect(':');
      object.set(key, parseValue(depth + 1));
    });
    return object;
  };

  const parseValue = (depth: number): HeaderValue => {
    if (depth > MAX_DEPTH) fail('nested too deeply');
    const char = next();
    if (char === '{') return parseObject(depth);
    if (char === '"') return parseString();
    if (char === '[') {
      at += 1;
      const list: HeaderValue[] = [];
      parseList(']', () => list.push(parseValue(depth + 1)));
      return list;
    }
    const digits = take(WHOLE_NUMBER) ?? fail('expected a whole number, string, list or object');
    return Number(digits);
  };

  if (text[0] !== '{') fail('the header does not start with {');
  const object = parseObject(1);
  if (/[^ ]/.test(text.slice(at))) fail('text after the object');
  return object;
}
