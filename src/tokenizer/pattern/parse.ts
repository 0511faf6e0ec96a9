// A regular expression of JavaScript with the flag u, as a tree. Only for sources that RegExp has taken: what it
// refuses need not be found again. What the matcher does not do (back references) is a PatternError.

/** An expression that is too large, or has what the matcher does not do. */
export class PatternError extends Error {}

export type Node =
  | { readonly kind: 'character'; readonly code: number }
  /** One character of a class, `\p{L}` or `.`, in the words of RegExp. */
  | { readonly kind: 'set'; readonly source: string }
  | { readonly kind: 'edge'; readonly isEnd: boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[] }
  | { readonly kind: 'capture'; readonly index: number; readonly body: Node }
  | { readonly kind: 'look'; readonly isBehind: boolean; readonly isNegative: boolean; readonly body: Node }
  | {
      readonly kind: 'repeat';
      readonly body: Node;
      readonly least: number;
      readonly most: number;
      readonly isLazy: boolean;
      /** The captures within, which each round forgets: from the first to before the last. */
      readonly captures: readonly [first: number, end: number];
    };

export interface Parsed {
  readonly root: Node;
  readonly numCaptures: number;
}

const MAX_DEPTH = 100;
const GROUP = /\((?:\?(?:(<?[=!])|:|<[\p{L}_$][\p{L}\p{N}_$]*>))?/uy;
const QUANTIFIER = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})(\??)/uy;
const CLASS = /\[(?:\\.|[^\]\\])*\]/suy;
const SET_ESCAPE = /\\(?:[dDsSwW]|[pP]\{[^}]*\})/uy;
const ESCAPE =
  /\\(?:u\{([0-9A-Fa-f]+)\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|c([A-Za-z])|([nrtfv0])|([\^$\\.*+?()[\]{}|/]))/uy;
const CONTROL: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', 0: '\0' };

/** Throws PatternError for back references, word boundaries and groups in more than 100 others. */
export function parsePattern(source: string): Parsed {
  let at = 0;
  let numCaptures = 0;

  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match === null) return undefined;
    at = pattern.lastIndex;
    return match;
  };

  const parseChoice = (depth: number): Node => {
    if (depth > MAX_DEPTH) throw new PatternError(`more than ${MAX_DEPTH} groups in one another`);
    const options = [parseSequence(depth)];
    while (source[at] === '|') {
      at++;
      options.push(parseSequence(depth));
    }
    return options.length === 1 ? (options[0] as Node) : { kind: 'choice', options };
  };

  const parseSequence = (depth: number): Node => {
    const parts: Node[] = [];
    while (at < source.length && source[at] !== '|' && source[at] !== ')') {
      const first = numCaptures;
      const atom = parseAtom(depth);
      const quantifier = take(QUANTIFIER);
      parts.push(quantifier ? repeat(atom, quantifier, [first, numCaptures]) : atom);
    }
    return { kind: 'sequence', parts };
  };

  const parseGroup = (look: string | undefined, isCapture: boolean, depth: number): Node => {
    const index = isCapture ? ++numCaptures : 0;
    const body = parseChoice(depth + 1);
    // The closing bracket.
    at++;
    if (look !== undefined)
      return { kind: 'look', isBehind: look.startsWith('<'), isNegative: look.endsWith('!'), body };
    return isCapture ? { kind: 'capture', index, body } : body;
  };

  const parseAtom = (depth: number): Node => {
    const char = source[at] as string;
    if (char === '(') {
      const group = take(GROUP) as RegExpExecArray;
      return parseGroup(group[1], group[0] === '(' || group[0].endsWith('>'), depth);
    }
    if (char === '^' || char === '$') {
      at++;
      return { kind: 'edge', isEnd: char === '$' };
    }
    if (char === '.') {
      at++;
      return { kind: 'set', source: '.' };
    }
    const set = char === '[' ? take(CLASS) : take(SET_ESCAPE);
    if (set) return { kind: 'set', source: set[0] };
    if (char === '\\') return { kind: 'character', code: parseEscape() };
    const code = source.codePointAt(at) as number;
    at += code > 0xffff ? 2 : 1;
    return { kind: 'character', code };
  };

  const parseEscape = (): number => {
    const match = take(ESCAPE);
    if (!match) throw new PatternError(`${source.slice(at, at + 2)}, which is not supported`);
    const [, braced, unit, byte, control, letter, self] = match;
    const hex = braced ?? unit ?? byte;
    if (hex !== undefined) return Number.parseInt(hex, 16);
    if (control !== undefined) return control.charCodeAt(0) % 32;
    return ((letter === undefined ? self : CONTROL[letter]) as string).charCodeAt(0);
  };

  const root = parseChoice(0);
  return { root, numCaptures };
}

function repeat(body: Node, quantifier: RegExpExecArray, captures: readonly [number, number]): Node {
  const [, sign, low, comma, high, lazy] = quantifier;
  const isLazy = lazy === '?';
  if (sign !== undefined) {
    const [least, most] = { '*': [0, Infinity], '+': [1, Infinity], '?': [0, 1] }[sign] as [number, number];
    return { kind: 'repeat', body, least, most, isLazy, captures };
  }
  const least = Number(low);
  const most = comma === undefined ? least : high ? Number(high) : Infinity;
  return { kind: 'repeat', body, least, most, isLazy, captures };
}
