// Arithmetic and algebra as text: parsed within limits and evaluated exactly, over rationals. Whatever the text, nothing
// throws and nothing takes long: what is malformed, too long, too deep or too large has no value.
import { DIGITS } from './integers';

/** A fraction in lowest terms; the denominator is above zero. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export type Operator = '+' | '-' | '*' | '/' | '^';

export type Expression =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'x' }
  | { readonly kind: 'negate' | 'sqrt'; readonly of: Expression }
  | { readonly kind: 'binary'; readonly operator: Operator; readonly left: Expression; readonly right: Expression };

/** `arithmetic`: numbers, signs, + - * / and parentheses. `algebra`: also x, `2x`, `(x-1)(x+2)`, `^` and `\sqrt{…}`. */
export type Dialect = 'arithmetic' | 'algebra';

const MAX_CHARACTERS = 400;
const MAX_DEPTH = 40;
/** Numbers above this, on the way too, are too large. */
const MAX_MAGNITUDE = 10n ** 60n;
const MAX_EXPONENT = 8n;

const TOKEN = new RegExp(`${DIGITS}|\\\\sqrt|[-+*/^(){}x]`, 'y');

/** The expression, or undefined if the text is none of the dialect. */
export function parseExpression(text: string, dialect: Dialect): Expression | undefined {
  if (text.length > MAX_CHARACTERS) return undefined;
  const tokens = tokenize(text);
  return tokens && new Parser(tokens, dialect).parse();
}

function tokenize(text: string): string[] | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    tokens.push(match[0]);
  }
  return tokens;
}

/** Recursive descent; `undefined` is passed up from the first token that does not fit. */
class Parser {
  #next = 0;
  #depth = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly dialect: Dialect,
  ) {}

  parse(): Expression | undefined {
    const whole = this.#sum();
    return this.#next === this.tokens.length ? whole : undefined;
  }

  #peek(): string | undefined {
    return this.tokens[this.#next];
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#next++;
    return true;
  }

  #chain(operators: readonly Operator[], operand: () => Expression | undefined): Expression | undefined {
    let left = operand();
    while (left !== undefined) {
      const operator = operators.find((candidate) => this.#take(candidate));
      if (operator === undefined) break;
      const right = operand();
      left = right && { kind: 'binary', operator, left, right };
    }
    return left;
  }

  #sum(): Expression | undefined {
    if (this.#depth++ >= MAX_DEPTH) return undefined;
    const sum = this.#chain(['+', '-'], () => this.#product());
    this.#depth--;
    return sum;
  }

  #product(): Expression | undefined {
    return this.#chain(['*', '/'], () => this.#factor());
  }

  #factor(): Expression | undefined {
    if (!this.#take('-')) return this.#juxtaposed();
    const of = this.#factor();
    return of && { kind: 'negate', of };
  }

  /** `2x`, `(x-1)(x+2)`: factors side by side bind closer than a division sign. */
  #juxtaposed(): Expression | undefined {
    let left = this.#power();
    while (left !== undefined && this.dialect === 'algebra' && /^[x(\\]/.test(this.#peek() ?? '')) {
      const right = this.#power();
      left = right && { kind: 'binary', operator: '*', left, right };
    }
    return left;
  }

  #power(): Expression | undefined {
    const base = this.#atom();
    if (base === undefined || this.dialect === 'arithmetic' || !this.#take('^')) return base;
    const right = this.#atom();
    return right?.kind === 'number' ? { kind: 'binary', operator: '^', left: base, right } : undefined;
  }

  #atom(): Expression | undefined {
    const token = this.#peek() ?? '';
    this.#next++;
    if (/^\d/.test(token)) return { kind: 'number', value: BigInt(token) };
    if (token === '(') return this.#closed(')');
    if (this.dialect === 'arithmetic') return undefined;
    if (token === 'x') return { kind: 'x' };
    if (token !== '\\sqrt' || !this.#take('{')) return undefined;
    const of = this.#closed('}');
    return of && { kind: 'sqrt', of };
  }

  #closed(close: string): Expression | undefined {
    const inner = this.#sum();
    return this.#take(close) ? inner : undefined;
  }
}

/** The numbers of an expression, from left to right. */
export function numbersOf(expression: Expression): bigint[] {
  switch (expression.kind) {
    case 'number':
      return [expression.value];
    case 'x':
      return [];
    case 'binary':
      return [...numbersOf(expression.left), ...numbersOf(expression.right)];
    default:
      return numbersOf(expression.of);
  }
}

/** @param denominator not zero. */
export function rational(numerator: bigint, denominator = 1n): Rational {
  let [a, b] = [numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  const divisor = (a < 0n ? -a : a) * (denominator < 0n ? -1n : 1n);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

export function isSameRational(a: Rational, b: Rational): boolean {
  return a.numerator === b.numerator && a.denominator === b.denominator;
}

/** `4`, `-7/2`. */
export function writeRational({ numerator, denominator }: Rational): string {
  return denominator === 1n ? `${numerator}` : `${numerator}/${denominator}`;
}

/**
 * The exact value; undefined where there is none: a division by zero, an irrational root, a number too large, an x
 * without value.
 */
export function evaluateExpression(expression: Expression, x?: Rational): Rational | undefined {
  const value = evaluateOnce(expression, x);
  if (value === undefined) return undefined;
  const { numerator, denominator } = value;
  const isLarge = numerator > MAX_MAGNITUDE || -numerator > MAX_MAGNITUDE || denominator > MAX_MAGNITUDE;
  return isLarge ? undefined : value;
}

function evaluateOnce(expression: Expression, x: Rational | undefined): Rational | undefined {
  switch (expression.kind) {
    case 'number':
      return rational(expression.value);
    case 'x':
      return x;
    case 'negate':
    case 'sqrt': {
      const of = evaluateExpression(expression.of, x);
      if (of === undefined) return undefined;
      return expression.kind === 'negate' ? rational(-of.numerator, of.denominator) : exactSquareRoot(of);
    }
    case 'binary': {
      const left = evaluateExpression(expression.left, x);
      const right = evaluateExpression(expression.right, x);
      return left && right && combine(expression.operator, left, right);
    }
  }
}

function combine(operator: Operator, a: Rational, b: Rational): Rational | undefined {
  switch (operator) {
    case '+':
      return rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
    case '-':
      return rational(a.numerator * b.denominator - b.numerator * a.denominator, a.denominator * b.denominator);
    case '*':
      return rational(a.numerator * b.numerator, a.denominator * b.denominator);
    case '/':
      return b.numerator === 0n ? undefined : rational(a.numerator * b.denominator, a.denominator * b.numerator);
    case '^':
      return b.numerator > MAX_EXPONENT
        ? undefined
        : { numerator: a.numerator ** b.numerator, denominator: a.denominator ** b.numerator };
  }
}

function exactSquareRoot({ numerator, denominator }: Rational): Rational | undefined {
  const [top, bottom] = [integerSquareRoot(numerator), integerSquareRoot(denominator)];
  return top === undefined || bottom === undefined ? undefined : { numerator: top, denominator: bottom };
}

/** The root of a perfect square, by Newton's method; undefined for other numbers. */
function integerSquareRoot(square: bigint): bigint | undefined {
  if (square < 2n) return square < 0n ? undefined : square;
  let root = 1n << BigInt(Math.ceil(square.toString(2).length / 2));
  for (let next = (root + square / root) >> 1n; next < root; next = (root + square / root) >> 1n) root = next;
  return root * root === square ? root : undefined;
}
