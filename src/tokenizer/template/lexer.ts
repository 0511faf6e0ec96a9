// A chat template as tokens: text, and what is inside of tags. Space around tags goes as transformers has it (trim_blocks,
// lstrip_blocks).
import { ChatTemplateError } from './templateError';
import type { At } from './tree';

export interface Token extends At {
  readonly kind: 'text' | 'name' | 'number' | 'string' | 'symbol' | 'open' | 'close';
  readonly text: string;
}

const TAG = /\{(?:\{|%|#)[-+]?/g;
const SPACE = /\s+/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const STRING = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/sy;
const SYMBOL = /\*\*|\/\/|==|!=|<=|>=|[-+*/%~<>=()[\]{},.:|]/y;
const CLOSE: Readonly<Record<string, RegExp>> = { '{{': /[-+]?\}\}/y, '{%': /[-+]?%\}/y };
const PARTS = [
  ['string', STRING],
  ['name', NAME],
  ['number', NUMBER],
  ['symbol', SYMBOL],
] as const;

/** Throws ChatTemplateError where a tag or a comment has no end, or holds what is no token. */
export function tokenize(source: string): readonly Token[] {
  return new Lexer(source).tokens;
}

class Lexer {
  readonly tokens: Token[] = [];
  #at = 0;
  #line = 1;
  /** What the tag before does to the text that follows: take all space away, or one newline. */
  #isTrimmed = false;
  #isAfterBlock = false;

  constructor(private readonly source: string) {
    while (this.#at < source.length) {
      TAG.lastIndex = this.#at;
      const tag = TAG.exec(source);
      this.#text(tag?.index ?? source.length, tag?.[0] ?? '');
      if (tag === null) return;
      const kind = tag[0].slice(0, 2);
      if (kind === '{#') this.#comment();
      else this.#tag(kind, tag[0].length);
    }
  }

  #advance(end: number): void {
    for (let i = this.#at; i < end; i++) if (this.source.charCodeAt(i) === 10) this.#line++;
    this.#at = end;
  }

  /** What matches here, left where it is. */
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.source)?.[0];
  }

  /** The text up to the tag that follows it. */
  #text(end: number, tag: string): void {
    let text = this.source.slice(this.#at, end);
    if (this.#isTrimmed) text = text.trimStart();
    else if (this.#isAfterBlock) text = text.replace(/^\n/, '');
    if (tag.endsWith('-')) text = text.trimEnd();
    // A block alone at the start of a line takes the space before it along.
    else if (tag !== '' && !tag.startsWith('{{') && !tag.endsWith('+')) {
      const lineStart = this.source.lastIndexOf('\n', end - 1) + 1;
      if (lineStart >= this.#at || this.#at === 0) {
        const indent = this.source.slice(Math.max(lineStart, this.#at), end);
        if (/^[ \t]+$/.test(indent) && text.endsWith(indent)) text = text.slice(0, text.length - indent.length);
      }
    }
    if (text !== '') this.tokens.push({ kind: 'text', text, line: this.#line });
    this.#advance(end);
  }

  #comment(): void {
    const end = this.source.indexOf('#}', this.#at + 2);
    if (end < 0) throw new ChatTemplateError(this.#line, 'a comment without an end');
    this.#isTrimmed = this.source[end - 1] === '-';
    this.#isAfterBlock = true;
    this.#advance(end + 2);
  }

  /** A tag from its opening to its end, which may not stand in brackets. */
  #tag(kind: string, length: number): void {
    this.tokens.push({ kind: 'open', text: kind, line: this.#line });
    this.#advance(this.#at + length);
    let depth = 0;
    for (;;) {
      const space = this.#match(SPACE);
      if (space !== undefined) this.#advance(this.#at + space.length);
      const end = depth === 0 ? this.#match(CLOSE[kind] as RegExp) : undefined;
      if (end !== undefined) {
        this.tokens.push({ kind: 'close', text: kind, line: this.#line });
        this.#isTrimmed = end.startsWith('-');
        this.#isAfterBlock = kind === '{%' && !end.startsWith('+');
        this.#advance(this.#at + end.length);
        return;
      }
      const part = this.#part(kind);
      if (part.kind === 'symbol' && '{[('.includes(part.text)) depth++;
      if (part.kind === 'symbol' && '}])'.includes(part.text)) depth--;
      this.tokens.push(part);
      this.#advance(this.#at + part.text.length);
    }
  }

  #part(tag: string): Token {
    for (const [kind, pattern] of PARTS) {
      const text = this.#match(pattern);
      if (text !== undefined) return { kind, text, line: this.#line };
    }
    const { source } = this;
    const rest = source.slice(this.#at, this.#at + 8);
    const what = this.#at < source.length ? `${JSON.stringify(rest)} is not expected` : `a ${tag} without an end`;
    throw new ChatTemplateError(this.#line, what);
  }
}
