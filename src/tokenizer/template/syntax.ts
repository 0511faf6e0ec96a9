// A chat template (Jinja as transformers runs it: trim_blocks and lstrip_blocks) as a tree. What is not among the constructs that
// templates of models use is a ChatTemplateError with its line.
import { SoliloquyError } from '../../lib/errors';

/** A template that cannot be read or run: its line, what is wrong there. */
export class ChatTemplateError extends SoliloquyError {
  readonly code = 'bad_chat_template';
  constructor(
    readonly line: number,
    problem: string,
  ) {
    const remedy = 'Correct the chat template, or take it out of the folder: then the question is asked as it is.';
    super(`The chat template, line ${line}: ${problem}.`, remedy);
  }
}

interface At {
  readonly line: number;
}

export type Expression = At &
  (
    | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'list'; readonly items: readonly Expression[] }
    | { readonly kind: 'dict'; readonly entries: readonly (readonly [Expression, Expression])[] }
    | { readonly kind: 'unary'; readonly operator: 'not' | '-' | '+'; readonly operand: Expression }
    | { readonly kind: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | {
        readonly kind: 'choice';
        readonly condition: Expression;
        readonly yes: Expression;
        readonly no: Expression | undefined;
      }
    | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string }
    | { readonly kind: 'item'; readonly object: Expression; readonly key: Expression }
    | { readonly kind: 'slice'; readonly object: Expression; readonly bounds: readonly (Expression | undefined)[] }
    | { readonly kind: 'call'; readonly callee: Expression; readonly call: Arguments }
    | { readonly kind: 'filter'; readonly name: string; readonly operand: Expression; readonly call: Arguments }
    | {
        readonly kind: 'test';
        readonly name: string;
        readonly operand: Expression;
        readonly call: Arguments;
        readonly isNegative: boolean;
      }
  );

export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly (readonly [string, Expression])[];
}

export type Target = readonly string[];

export type Statement = At &
  (
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'output'; readonly value: Expression }
    | {
        readonly kind: 'if';
        readonly branches: readonly (readonly [Expression, readonly Statement[]])[];
        readonly otherwise: readonly Statement[];
      }
    | {
        readonly kind: 'for';
        readonly target: Target;
        readonly items: Expression;
        readonly filter: Expression | undefined;
        readonly body: readonly Statement[];
        readonly otherwise: readonly Statement[];
      }
    | {
        readonly kind: 'set';
        readonly target: Target;
        readonly attribute: string | undefined;
        readonly value: Expression | readonly Statement[];
      }
    | {
        readonly kind: 'macro';
        readonly name: string;
        readonly parameters: readonly (readonly [string, Expression | undefined])[];
        readonly body: readonly Statement[];
      }
    | { readonly kind: 'block'; readonly body: readonly Statement[] }
    | { readonly kind: 'break' | 'continue' }
  );

interface Token extends At {
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
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', 0: '\0' };

/** Objects, brackets and blocks in one another. */
const MAX_DEPTH = 64;

function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  let isTrimmed = false;
  let isAfterBlock = false;
  const advance = (end: number) => {
    for (let i = at; i < end; i++) if (source.charCodeAt(i) === 10) line++;
    at = end;
  };
  const pushText = (end: number, tag: string) => {
    let text = source.slice(at, end);
    if (isTrimmed) text = text.trimStart();
    else if (isAfterBlock) text = text.replace(/^\n/, '');
    if (tag.endsWith('-')) text = text.trimEnd();
    // A block alone at the start of a line takes the space before it along.
    else if (tag !== '' && !tag.startsWith('{{') && !tag.endsWith('+')) {
      const lineStart = source.lastIndexOf('\n', end - 1) + 1;
      if (lineStart >= at || at === 0) {
        const indent = source.slice(Math.max(lineStart, at), end);
        if (/^[ \t]+$/.test(indent) && text.endsWith(indent)) text = text.slice(0, text.length - indent.length);
      }
    }
    if (text !== '') tokens.push({ kind: 'text', text, line });
    advance(end);
  };
  while (at < source.length) {
    TAG.lastIndex = at;
    const tag = TAG.exec(source);
    if (tag === null) {
      pushText(source.length, '');
      break;
    }
    pushText(tag.index, tag[0]);
    const kind = tag[0].slice(0, 2);
    if (kind === '{#') {
      const end = source.indexOf('#}', at + 2);
      if (end < 0) throw new ChatTemplateError(line, 'a comment without an end');
      isTrimmed = source[end - 1] === '-';
      isAfterBlock = true;
      advance(end + 2);
      continue;
    }
    tokens.push({ kind: 'open', text: kind, line });
    advance(at + tag[0].length);
    const close = CLOSE[kind] as RegExp;
    let depth = 0;
    for (;;) {
      const take = (pattern: RegExp) => {
        pattern.lastIndex = at;
        return pattern.exec(source)?.[0];
      };
      const space = take(SPACE);
      if (space !== undefined) advance(at + space.length);
      const end = depth === 0 ? take(close) : undefined;
      if (end !== undefined) {
        tokens.push({ kind: 'close', text: kind, line });
        isTrimmed = end.startsWith('-');
        isAfterBlock = kind === '{%' && !end.startsWith('+');
        advance(at + end.length);
        break;
      }
      const kinds = [
        ['string', STRING],
        ['name', NAME],
        ['number', NUMBER],
        ['symbol', SYMBOL],
      ] as const;
      const found = kinds
        .map(([kind, pattern]) => [kind, take(pattern)] as const)
        .find(([, text]) => text !== undefined);
      if (!found?.[1]) {
        const what =
          at < source.length
            ? `${JSON.stringify(source.slice(at, at + 8))} is not expected`
            : `a ${kind} without an end`;
        throw new ChatTemplateError(line, what);
      }
      const [tokenKind, text] = found as ['string' | 'name' | 'number' | 'symbol', string];
      if (tokenKind === 'symbol' && '{[('.includes(text)) depth++;
      if (tokenKind === 'symbol' && '}])'.includes(text)) depth--;
      tokens.push({ kind: tokenKind, text, line });
      advance(at + text.length);
    }
  }
  return tokens;
}

const unescaped = (literal: string) =>
  literal
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/gs, (_, unit, byte, char) =>
      unit || byte
        ? String.fromCharCode(Number.parseInt(unit ?? byte, 16))
        : (ESCAPES[char] ?? (char === '\n' ? '' : /['"\\]/.test(char) ? char : `\\${char}`)),
    );

/** The statements of a template. Throws ChatTemplateError. */
export function parseTemplate(source: string): readonly Statement[] {
  // As Jinja: a newline at the very end is not part of it.
  return new Parser(tokenize(source.replace(/\r\n?/g, '\n').replace(/\n$/, ''))).parse();
}

/** Operators by how tightly they bind, loosest first; of the same line from the left. */
const BINARY: readonly (readonly string[])[] = [
  ['or'],
  ['and'],
  [],
  ['==', '!=', '<', '>', '<=', '>=', 'in', 'not in'],
  ['~'],
  ['+', '-'],
  ['*', '/', '//', '%'],
];
const NOT_LEVEL = 2;
const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'is', 'if', 'else']);

class Parser {
  #at = 0;
  #depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  parse(): readonly Statement[] {
    const body = this.#body([]);
    if (this.#next) this.#fail(`${JSON.stringify(this.tokens[this.#at + 1]?.text)} is not expected`);
    return body;
  }

  get #next(): Token | undefined {
    return this.tokens[this.#at];
  }

  get #line(): number {
    return (this.#next ?? this.tokens.at(-1))?.line ?? 1;
  }

  #fail(problem: string): never {
    throw new ChatTemplateError(this.#line, problem);
  }

  #is(text: string): boolean {
    return this.#next?.text === text && (this.#next.kind === 'symbol' || this.#next.kind === 'name');
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#fail(`${text} is needed, not ${JSON.stringify(this.#next?.text ?? 'the end')}`);
  }

  #name(): string {
    if (this.#next?.kind !== 'name') return this.#fail('a name is needed');
    this.#at++;
    return (this.tokens[this.#at - 1] as Token).text;
  }

  #close(): void {
    if (this.#next?.kind !== 'close')
      this.#fail(`the end of the tag is needed, not ${JSON.stringify(this.#next?.text ?? 'the end')}`);
    this.#at++;
  }

  #nested<T>(parse: () => T): T {
    if (++this.#depth > MAX_DEPTH) this.#fail(`more than ${MAX_DEPTH} levels in one another`);
    const parsed = parse();
    this.#depth--;
    return parsed;
  }

  /** Statements up to a block of one of these names, which is left. */
  #body(ends: readonly string[]): readonly Statement[] {
    return this.#nested(() => {
      const body: Statement[] = [];
      for (;;) {
        const token = this.#next;
        if (!token) {
          if (ends.length > 0) this.#fail(`${ends.at(-1)} is needed before the end`);
          return body;
        }
        const { line } = token;
        if (token.kind === 'text') {
          this.#at++;
          body.push({ kind: 'text', text: token.text, line });
        } else if (token.text === '{{') {
          this.#at++;
          const value = this.#expression();
          this.#close();
          body.push({ kind: 'output', value, line });
        } else {
          if (ends.includes(this.tokens[this.#at + 1]?.text ?? '')) return body;
          this.#at++;
          body.push(this.#statement(line));
        }
      }
    });
  }

  /** The body up to and with the block that ends it. */
  #bodyTo(end: string): readonly Statement[] {
    const body = this.#body([end]);
    this.#at += 2;
    this.#close();
    return body;
  }

  #statement(line: number): Statement {
    const name = this.#name();
    switch (name) {
      case 'if':
        return { ...this.#if(), line };
      case 'for':
        return { ...this.#for(), line };
      case 'set':
        return { ...this.#set(), line };
      case 'macro':
        return { ...this.#macro(), line };
      case 'generation':
        this.#close();
        return { kind: 'block', body: this.#bodyTo('endgeneration'), line };
      case 'break':
      case 'continue':
        this.#close();
        return { kind: name, line };
      default:
        return this.#fail(`the block ${JSON.stringify(name.slice(0, 40))} is not known`);
    }
  }

  #if() {
    const branches: [Expression, readonly Statement[]][] = [];
    let otherwise: readonly Statement[] = [];
    for (let isElse = false; !isElse; ) {
      const condition = this.#expression();
      this.#close();
      branches.push([condition, this.#body(['elif', 'else', 'endif'])]);
      this.#at++;
      const next = this.#name();
      if (next === 'elif') continue;
      isElse = true;
      this.#close();
      if (next === 'else') otherwise = this.#bodyTo('endif');
    }
    return { kind: 'if', branches, otherwise } as const;
  }

  #for() {
    const target = this.#target();
    this.#expect('in');
    const items = this.#expression(false);
    const filter = this.#take('if') ? this.#expression() : undefined;
    this.#close();
    const body = this.#body(['else', 'endfor']);
    this.#at++;
    const hasElse = this.#name() === 'else';
    this.#close();
    return { kind: 'for', target, items, filter, body, otherwise: hasElse ? this.#bodyTo('endfor') : [] } as const;
  }

  #target(): Target {
    const names = [this.#name()];
    while (this.#take(',')) names.push(this.#name());
    return names;
  }

  #set() {
    const target = this.#target();
    const attribute = this.#take('.') ? this.#name() : undefined;
    if (this.#take('=')) {
      const value = this.#tuple();
      this.#close();
      return { kind: 'set', target, attribute, value } as const;
    }
    this.#close();
    return { kind: 'set', target, attribute, value: this.#bodyTo('endset') } as const;
  }

  #macro() {
    const name = this.#name();
    const parameters: [string, Expression | undefined][] = [];
    this.#expect('(');
    while (!this.#take(')')) {
      const parameter = this.#name();
      parameters.push([parameter, this.#take('=') ? this.#expression() : undefined]);
      if (!this.#is(')')) this.#expect(',');
    }
    this.#close();
    return { kind: 'macro', name, parameters, body: this.#bodyTo('endmacro') } as const;
  }

  /** An expression, or several with commas between them as a list. */
  #tuple(): Expression {
    const line = this.#line;
    const first = this.#expression();
    if (!this.#is(',')) return first;
    const items = [first];
    while (this.#take(',')) if (this.#next?.kind !== 'close' && !this.#is(')')) items.push(this.#expression());
    return { kind: 'list', items, line };
  }

  #expression(mayChoose = true): Expression {
    return this.#nested(() => {
      const yes = this.#binary(0);
      if (!mayChoose || !this.#is('if')) return yes;
      const line = this.#line;
      this.#at++;
      const condition = this.#binary(0);
      const no = this.#take('else') ? this.#expression() : undefined;
      return { kind: 'choice', condition, yes, no, line };
    });
  }

  #binary(level: number): Expression {
    const operators = BINARY[level];
    if (operators === undefined) return this.#unary();
    const line = this.#line;
    if (level === NOT_LEVEL) {
      if (!this.#take('not')) return this.#binary(level + 1);
      return this.#nested(() => ({ kind: 'unary', operator: 'not', operand: this.#binary(level), line }) as const);
    }
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = this.#operator(operators);
      if (operator === undefined) return left;
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1), line };
    }
  }

  #operator(operators: readonly string[]): string | undefined {
    if (operators.includes('not in') && this.#is('not') && this.tokens[this.#at + 1]?.text === 'in') {
      this.#at += 2;
      return 'not in';
    }
    return operators.find((operator) => this.#take(operator));
  }

  #unary(): Expression {
    const line = this.#line;
    const operator = (['-', '+'] as const).find((sign) => this.#take(sign));
    if (operator) return this.#nested(() => ({ kind: 'unary', operator, operand: this.#unary(), line }) as const);
    return this.#suffixes(this.#primary());
  }

  #suffixes(primary: Expression): Expression {
    let value = primary;
    for (;;) {
      const line = this.#line;
      if (this.#take('.')) {
        const name = this.#next?.kind === 'number' ? this.#number() : this.#name();
        value =
          typeof name === 'string'
            ? { kind: 'attribute', object: value, name, line }
            : { kind: 'item', object: value, key: { kind: 'literal', value: name, line }, line };
      } else if (this.#take('[')) {
        value = this.#subscript(value, line);
      } else if (this.#is('(')) {
        value = { kind: 'call', callee: value, call: this.#arguments(), line };
      } else if (this.#take('|')) {
        const name = this.#name();
        value = { kind: 'filter', name, operand: value, call: this.#is('(') ? this.#arguments() : NO_ARGUMENTS, line };
      } else if (this.#take('is')) {
        const isNegative = this.#take('not');
        const name = this.#name();
        value = { kind: 'test', name, operand: value, call: this.#testArguments(), isNegative, line };
      } else return value;
    }
  }

  /** A test may have its one argument without brackets. */
  #testArguments(): Arguments {
    if (this.#is('(')) return this.#arguments();
    const next = this.#next;
    const isOperand =
      next && (next.kind === 'string' || next.kind === 'number' || (next.kind === 'name' && !KEYWORDS.has(next.text)));
    return isOperand ? { positional: [this.#primary()], named: [] } : NO_ARGUMENTS;
  }

  #subscript(object: Expression, line: number): Expression {
    const bounds: (Expression | undefined)[] = [];
    const bound = () => (this.#is(':') || this.#is(']') ? undefined : this.#expression());
    bounds.push(bound());
    let isSlice = false;
    while (this.#take(':')) {
      isSlice = true;
      bounds.push(bound());
    }
    this.#expect(']');
    if (isSlice) return { kind: 'slice', object, bounds, line };
    return bounds[0] ? { kind: 'item', object, key: bounds[0], line } : this.#fail('a key is needed');
  }

  #arguments(): Arguments {
    const positional: Expression[] = [];
    const named: [string, Expression][] = [];
    this.#expect('(');
    while (!this.#take(')')) {
      const isNamed = this.#next?.kind === 'name' && this.tokens[this.#at + 1]?.text === '=';
      if (isNamed) {
        const name = this.#name();
        this.#at++;
        named.push([name, this.#expression()]);
      } else positional.push(this.#expression());
      if (!this.#is(')')) this.#expect(',');
    }
    return { positional, named };
  }

  #number(): number {
    this.#at++;
    return Number((this.tokens[this.#at - 1] as Token).text);
  }

  #primary(): Expression {
    const token = this.#next;
    const line = this.#line;
    if (!token) return this.#fail('the end is not expected');
    if (token.kind === 'number') return { kind: 'literal', value: this.#number(), line };
    if (token.kind === 'string') {
      let value = '';
      // Neighbours are one.
      for (; this.#next?.kind === 'string'; this.#at++) value += unescaped(this.#next.text);
      return { kind: 'literal', value, line };
    }
    if (token.kind === 'name') {
      if (KEYWORDS.has(token.text)) this.#fail(`${token.text} is not expected`);
      this.#at++;
      const constants: Readonly<Record<string, boolean | null>> = {
        true: true,
        True: true,
        false: false,
        False: false,
        none: null,
        None: null,
      };
      if (Object.hasOwn(constants, token.text))
        return { kind: 'literal', value: constants[token.text] as boolean | null, line };
      return { kind: 'name', name: token.text, line };
    }
    if (this.#take('(')) {
      if (this.#take(')')) return { kind: 'list', items: [], line };
      const value = this.#tuple();
      this.#expect(')');
      return value;
    }
    if (this.#take('[')) {
      const items: Expression[] = [];
      while (!this.#take(']')) {
        items.push(this.#expression());
        if (!this.#is(']')) this.#expect(',');
      }
      return { kind: 'list', items, line };
    }
    if (this.#take('{')) {
      const entries: [Expression, Expression][] = [];
      while (!this.#take('}')) {
        const key = this.#expression();
        this.#expect(':');
        entries.push([key, this.#expression()]);
        if (!this.#is('}')) this.#expect(',');
      }
      return { kind: 'dict', entries, line };
    }
    return this.#fail(`${JSON.stringify(token.text)} is not expected`);
  }
}

const NO_ARGUMENTS: Arguments = { positional: [], named: [] };
