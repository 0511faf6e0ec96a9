// The statements of a chat template (Jinja as transformers runs it). What is not among the constructs that templates of models
// use is a ChatTemplateError with its line.
import { ExpressionParser } from './expressions';
import { tokenize } from './lexer';
import { TokenCursor } from './tokenCursor';
import type { Expression, Statement, Target } from './tree';

/** The statements of a template. Throws ChatTemplateError. */
export function parseTemplate(source: string): readonly Statement[] {
  // As Jinja: a newline at the very end is not part of it.
  return new StatementParser(new TokenCursor(tokenize(source.replace(/\r\n?/g, '\n').replace(/\n$/, '')))).parse();
}

class StatementParser {
  private readonly expressions: ExpressionParser;

  constructor(private readonly tokens: TokenCursor) {
    this.expressions = new ExpressionParser(tokens);
  }

  parse(): readonly Statement[] {
    const body = this.#body([]);
    if (this.tokens.next) this.tokens.fail(`${JSON.stringify(this.tokens.afterNext?.text)} is not expected`);
    return body;
  }

  /** Statements up to a block of one of these names, which is left. */
  #body(ends: readonly string[]): readonly Statement[] {
    return this.tokens.nested(() => {
      const body: Statement[] = [];
      for (;;) {
        const token = this.tokens.next;
        if (!token) {
          if (ends.length > 0) this.tokens.fail(`${ends.at(-1)} is needed before the end`);
          return body;
        }
        const { line } = token;
        if (token.kind === 'text') {
          this.tokens.skip();
          body.push({ kind: 'text', text: token.text, line });
        } else if (token.text === '{{') {
          this.tokens.skip();
          const value = this.expressions.expression();
          this.tokens.close();
          body.push({ kind: 'output', value, line });
        } else {
          if (ends.includes(this.tokens.afterNext?.text ?? '')) return body;
          this.tokens.skip();
          body.push(this.#statement(line));
        }
      }
    });
  }

  /** The body up to and with the block that ends it. */
  #bodyTo(end: string): readonly Statement[] {
    const body = this.#body([end]);
    this.tokens.skip(2);
    this.tokens.close();
    return body;
  }

  #statement(line: number): Statement {
    const name = this.tokens.name();
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
        this.tokens.close();
        return { kind: 'block', body: this.#bodyTo('endgeneration'), line };
      case 'break':
      case 'continue':
        this.tokens.close();
        return { kind: name, line };
      default:
        return this.tokens.fail(`the block ${JSON.stringify(name.slice(0, 40))} is not known`);
    }
  }

  #if() {
    const branches: [Expression, readonly Statement[]][] = [];
    let otherwise: readonly Statement[] = [];
    for (let isElse = false; !isElse; ) {
      const condition = this.expressions.expression();
      this.tokens.close();
      branches.push([condition, this.#body(['elif', 'else', 'endif'])]);
      this.tokens.skip();
      const next = this.tokens.name();
      if (next === 'elif') continue;
      isElse = true;
      this.tokens.close();
      if (next === 'else') otherwise = this.#bodyTo('endif');
    }
    return { kind: 'if', branches, otherwise } as const;
  }

  #for() {
    const target = this.#target();
    this.tokens.expect('in');
    const items = this.expressions.expression(false);
    const filter = this.tokens.take('if') ? this.expressions.expression() : undefined;
    this.tokens.close();
    const body = this.#body(['else', 'endfor']);
    this.tokens.skip();
    const hasElse = this.tokens.name() === 'else';
    this.tokens.close();
    return { kind: 'for', target, items, filter, body, otherwise: hasElse ? this.#bodyTo('endfor') : [] } as const;
  }

  #target(): Target {
    const names = [this.tokens.name()];
    while (this.tokens.take(',')) names.push(this.tokens.name());
    return names;
  }

  #set() {
    const target = this.#target();
    const attribute = this.tokens.take('.') ? this.tokens.name() : undefined;
    if (this.tokens.take('=')) {
      const value = this.expressions.tuple();
      this.tokens.close();
      return { kind: 'set', target, attribute, value } as const;
    }
    this.tokens.close();
    return { kind: 'set', target, attribute, value: this.#bodyTo('endset') } as const;
  }

  #macro() {
    const name = this.tokens.name();
    const parameters: [string, Expression | undefined][] = [];
    this.tokens.expect('(');
    while (!this.tokens.take(')')) {
      const parameter = this.tokens.name();
      parameters.push([parameter, this.tokens.take('=') ? this.expressions.expression() : undefined]);
      if (!this.tokens.is(')')) this.tokens.expect(',');
    }
    this.tokens.close();
    return { kind: 'macro', name, parameters, body: this.#bodyTo('endmacro') } as const;
  }
}
