// The tokens of a chat template, taken one after the other.
import type { Token } from './lexer';
import { ChatTemplateError } from './templateError';

/** Objects, brackets and blocks in one another. */
const MAX_DEPTH = 64;

export class TokenCursor {
  #at = 0;
  #depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  /** Undefined at the end. */
  get next(): Token | undefined {
    return this.tokens[this.#at];
  }

  get afterNext(): Token | undefined {
    return this.tokens[this.#at + 1];
  }

  get line(): number {
    return (this.next ?? this.tokens.at(-1))?.line ?? 1;
  }

  fail(problem: string): never {
    throw new ChatTemplateError(this.line, problem);
  }

  skip(count = 1): void {
    this.#at += count;
  }

  /** Whether the next token is this symbol or name. */
  is(text: string): boolean {
    const { next } = this;
    return next?.text === text && (next.kind === 'symbol' || next.kind === 'name');
  }

  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.#at++;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail(`${text} is needed, not ${JSON.stringify(this.next?.text ?? 'the end')}`);
  }

  name(): string {
    const { next } = this;
    if (next?.kind !== 'name') return this.fail('a name is needed');
    this.#at++;
    return next.text;
  }

  /** The end of a tag. */
  close(): void {
    if (this.next?.kind !== 'close')
      this.fail(`the end of the tag is needed, not ${JSON.stringify(this.next?.text ?? 'the end')}`);
    this.#at++;
  }

  /** What is parsed inside of something else. Fails where there is too much in one another. */
  nested<T>(parse: () => T): T {
    if (++this.#depth > MAX_DEPTH) this.fail(`more than ${MAX_DEPTH} levels in one another`);
    const parsed = parse();
    this.#depth--;
    return parsed;
  }
}
