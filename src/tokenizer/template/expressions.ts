// The expressions of a chat template: by precedence of operators, then what stands behind a value, then values.
import type { TokenCursor } from './tokenCursor';
import type { Arguments, Expression } from './tree';

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
const NO_ARGUMENTS: Arguments = { positional: [], named: [] };
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', 0: '\0' };
const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

const unescaped = (literal: string) =>
  literal
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/gs, (_, unit, byte, char) =>
      unit || byte
        ? String.fromCharCode(Number.parseInt(unit ?? byte, 16))
        : (ESCAPES[char] ?? (char === '\n' ? '' : /['"\\]/.test(char) ? char : `\\${char}`)),
    );

export class ExpressionParser {
  constructor(private readonly tokens: TokenCursor) {}

  /** An expression, or several with commas between them as a list. */
  tuple(): Expression {
    const line = this.tokens.line;
    const first = this.expression();
    if (!this.tokens.is(',')) return first;
    const items = [first];
    while (this.tokens.take(','))
      if (this.tokens.next?.kind !== 'close' && !this.tokens.is(')')) items.push(this.expression());
    return { kind: 'list', items, line };
  }

  /** @param mayChoose whether `a if b else c` is one; not so where an `if` would end it. */
  expression(mayChoose = true): Expression {
    return this.tokens.nested(() => {
      const yes = this.#binary(0);
      if (!mayChoose || !this.tokens.is('if')) return yes;
      const line = this.tokens.line;
      this.tokens.skip();
      const condition = this.#binary(0);
      const no = this.tokens.take('else') ? this.expression() : undefined;
      return { kind: 'choice', condition, yes, no, line };
    });
  }

  #binary(level: number): Expression {
    const operators = BINARY[level];
    if (operators === undefined) return this.#unary();
    const line = this.tokens.line;
    if (level === NOT_LEVEL) {
      if (!this.tokens.take('not')) return this.#binary(level + 1);
      return this.tokens.nested(
        () => ({ kind: 'unary', operator: 'not', operand: this.#binary(level), line }) as const,
      );
    }
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = this.#operator(operators);
      if (operator === undefined) return left;
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1), line };
    }
  }

  #operator(operators: readonly string[]): string | undefined {
    if (operators.includes('not in') && this.tokens.is('not') && this.tokens.afterNext?.text === 'in') {
      this.tokens.skip(2);
      return 'not in';
    }
    return operators.find((operator) => this.tokens.take(operator));
  }

  #unary(): Expression {
    const line = this.tokens.line;
    const operator = (['-', '+'] as const).find((sign) => this.tokens.take(sign));
    if (operator) return this.tokens.nested(() => ({ kind: 'unary', operator, operand: this.#unary(), line }) as const);
    return this.#suffixes(this.#primary());
  }

  /** What stands behind a value: attributes, keys, calls, filters and tests. */
  #suffixes(primary: Expression): Expression {
    let value = primary;
    for (;;) {
      const line = this.tokens.line;
      if (this.tokens.take('.')) {
        const name = this.tokens.next?.kind === 'number' ? this.#number() : this.tokens.name();
        value =
          typeof name === 'string'
            ? { kind: 'attribute', object: value, name, line }
            : { kind: 'item', object: value, key: { kind: 'literal', value: name, line }, line };
      } else if (this.tokens.take('[')) {
        value = this.#subscript(value, line);
      } else if (this.tokens.is('(')) {
        value = { kind: 'call', callee: value, call: this.#arguments(), line };
      } else if (this.tokens.take('|')) {
        const name = this.tokens.name();
        value = {
          kind: 'filter',
          name,
          operand: value,
          call: this.tokens.is('(') ? this.#arguments() : NO_ARGUMENTS,
          line,
        };
      } else if (this.tokens.take('is')) {
        const isNegative = this.tokens.take('not');
        const name = this.tokens.name();
        value = { kind: 'test', name, operand: value, call: this.#testArguments(), isNegative, line };
      } else return value;
    }
  }

  /** A test may have its one argument without brackets. */
  #testArguments(): Arguments {
    if (this.tokens.is('(')) return this.#arguments();
    const next = this.tokens.next;
    const isOperand =
      next && (next.kind === 'string' || next.kind === 'number' || (next.kind === 'name' && !KEYWORDS.has(next.text)));
    return isOperand ? { positional: [this.#primary()], named: [] } : NO_ARGUMENTS;
  }

  #subscript(object: Expression, line: number): Expression {
    const bounds: (Expression | undefined)[] = [];
    const bound = () => (this.tokens.is(':') || this.tokens.is(']') ? undefined : this.expression());
    bounds.push(bound());
    let isSlice = false;
    while (this.tokens.take(':')) {
      isSlice = true;
      bounds.push(bound());
    }
    this.tokens.expect(']');
    if (isSlice) return { kind: 'slice', object, bounds, line };
    return bounds[0] ? { kind: 'item', object, key: bounds[0], line } : this.tokens.fail('a key is needed');
  }

  #arguments(): Arguments {
    const positional: Expression[] = [];
    const named: [string, Expression][] = [];
    this.tokens.expect('(');
    while (!this.tokens.take(')')) {
      const isNamed = this.tokens.next?.kind === 'name' && this.tokens.afterNext?.text === '=';
      if (isNamed) {
        const name = this.tokens.name();
        this.tokens.skip();
        named.push([name, this.expression()]);
      } else positional.push(this.expression());
      if (!this.tokens.is(')')) this.tokens.expect(',');
    }
    return { positional, named };
  }

  #number(): number {
    const text = this.tokens.next?.text;
    this.tokens.skip();
    return Number(text);
  }

  #primary(): Expression {
    const { next: token, line } = this.tokens;
    if (!token) return this.tokens.fail('the end is not expected');
    if (token.kind === 'number') return { kind: 'literal', value: this.#number(), line };
    if (token.kind === 'string') {
      let value = '';
      // Neighbours are one.
      for (; this.tokens.next?.kind === 'string'; this.tokens.skip()) value += unescaped(this.tokens.next.text);
      return { kind: 'literal', value, line };
    }
    if (token.kind === 'name') {
      if (KEYWORDS.has(token.text)) this.tokens.fail(`${token.text} is not expected`);
      this.tokens.skip();
      const value = CONSTANTS.get(token.text);
      return value === undefined ? { kind: 'name', name: token.text, line } : { kind: 'literal', value, line };
    }
    if (this.tokens.take('(')) {
      if (this.tokens.take(')')) return { kind: 'list', items: [], line };
      const value = this.tuple();
      this.tokens.expect(')');
      return value;
    }
    if (this.tokens.take('[')) return { kind: 'list', items: this.#items(), line };
    if (this.tokens.take('{')) return { kind: 'dict', entries: this.#entries(), line };
    return this.tokens.fail(`${JSON.stringify(token.text)} is not expected`);
  }

  /** Of a list, with the bracket that ends it. */
  #items(): Expression[] {
    const items: Expression[] = [];
    while (!this.tokens.take(']')) {
      items.push(this.expression());
      if (!this.tokens.is(']')) this.tokens.expect(',');
    }
    return items;
  }

  /** Of a dict, with the bracket that ends it. */
  #entries(): [Expression, Expression][] {
    const entries: [Expression, Expression][] = [];
    while (!this.tokens.take('}')) {
      const key = this.expression();
      this.tokens.expect(':');
      entries.push([key, this.expression()]);
      if (!this.tokens.is('}')) this.tokens.expect(',');
    }
    return entries;
  }
}
