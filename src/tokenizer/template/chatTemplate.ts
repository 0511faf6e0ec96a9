// Renders a conversation by a model's chat template. Templates come with models of strangers: what they do is counted
// and ended, and they reach nothing but what they are given.
import { contains, filter, methodOf, test } from './builtins';
import { parseTemplate } from './statements';
import type { Arguments, Expression, Statement, Target } from './tree';
import {
  type CallArguments,
  Callable,
  Effort,
  elementsOf,
  fromJson,
  isEqual,
  isTrue,
  TEMPLATE_LIMITS,
  toText,
  type Value,
} from './values';

export { ChatTemplateError } from './templateError';

export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

/** What a template may name beside the messages: the special tokens. */
export type TemplateNames = Readonly<Record<string, string>>;

export interface ChatTemplate {
  /** The prompt that an answer continues. Throws ChatTemplateError. */
  prompt(messages: readonly ChatMessage[], names: TemplateNames): string;
}

/** Reads a template. Throws ChatTemplateError. */
export function readChatTemplate(source: string): ChatTemplate {
  const statements = parseTemplate(source);
  return {
    prompt: (messages, names) =>
      new Run({ ...names, messages: messages.map((message) => ({ ...message })) }).run(statements),
  };
}

/** How a body of statements ended, where not at its end. */
type Exit = 'break' | 'continue' | undefined;

class Scope {
  readonly names = new Map<string, Value>();

  constructor(readonly outer: Scope | undefined) {}

  get(name: string): Value {
    for (let scope: Scope | undefined = this; scope; scope = scope.outer)
      if (scope.names.has(name)) return scope.names.get(name);
    return undefined;
  }
}

const MAX_CALLS = 20;

class Run {
  readonly #effort = new Effort();
  readonly #globals = new Scope(undefined);
  #output: string[] = [];
  #length = 0;
  #calls = 0;

  constructor(given: Readonly<Record<string, unknown>>) {
    const define = (name: string, call: (given: CallArguments) => Value) =>
      this.#globals.names.set(name, new Callable(call));
    for (const [name, value] of Object.entries(given)) this.#globals.names.set(name, fromJson(value));
    this.#globals.names.set('add_generation_prompt', true);
    define('raise_exception', ({ positional: [message] }) =>
      this.#effort.fail(toText(message, this.#effort).slice(0, 300)),
    );
    define('namespace', ({ named }) => new Map(named));
    define('dict', ({ named }) => new Map(named));
    define('range', ({ positional }) => this.#range(positional));
    define('strftime_now', ({ positional: [format] }) => formatDate(toText(format, this.#effort), new Date()));
  }

  run(statements: readonly Statement[]): string {
    this.#body(statements, this.#globals);
    return this.#output.join('');
  }

  #range(bounds: readonly Value[]): Value[] {
    const [first = 0, second, step = 1] = bounds as readonly number[];
    const [start, end] = second === undefined ? [0, first] : [first, second];
    const count = Math.ceil((end - start) / step);
    if (![start, end, step].every(Number.isSafeInteger) || step === 0)
      return this.#effort.fail('range needs whole numbers');
    this.#effort.make(Math.max(0, count));
    return Array.from({ length: Math.max(0, count) }, (_, i) => start + i * step);
  }

  #write(text: string): void {
    this.#length += text.length;
    if (this.#length > TEMPLATE_LIMITS.output)
      this.#effort.fail(`a prompt of more than ${TEMPLATE_LIMITS.output} characters`);
    this.#output.push(text);
  }

  /** What the statements write, instead of writing it. */
  #capture(statements: readonly Statement[], scope: Scope): string {
    const [output, length] = [this.#output, this.#length];
    [this.#output, this.#length] = [[], 0];
    this.#body(statements, scope);
    const text = this.#output.join('');
    [this.#output, this.#length] = [output, length];
    return this.#effort.text(text);
  }

  #body(statements: readonly Statement[], scope: Scope): Exit {
    for (const statement of statements) {
      const exit = this.#statement(statement, scope);
      if (exit) return exit;
    }
    return undefined;
  }

  #statement(statement: Statement, scope: Scope): Exit {
    this.#effort.step();
    this.#effort.line = statement.line;
    switch (statement.kind) {
      case 'text':
        this.#write(statement.text);
        return undefined;
      case 'output':
        this.#write(toText(this.#value(statement.value, scope), this.#effort));
        return undefined;
      case 'block':
        return this.#body(statement.body, scope);
      case 'if': {
        const branch = statement.branches.find(([condition]) => isTrue(this.#value(condition, scope)));
        return this.#body(branch ? branch[1] : statement.otherwise, scope);
      }
      case 'for':
        this.#for(statement, scope);
        return undefined;
      case 'set':
        this.#set(statement, scope);
        return undefined;
      case 'macro':
        scope.names.set(statement.name, this.#macro(statement, scope));
        return undefined;
      default:
        return statement.kind;
    }
  }

  #assign(target: Target, value: Value, scope: Scope): void {
    if (target.length === 1) {
      scope.names.set(target[0] as string, value);
      return;
    }
    const values = elementsOf(value, this.#effort);
    if (values.length !== target.length) this.#effort.fail(`${target.length} values are needed, not ${values.length}`);
    target.forEach((name, i) => {
      scope.names.set(name, values[i]);
    });
  }

  #for({ target, items, filter: condition, body, otherwise }: Extract<Statement, { kind: 'for' }>, scope: Scope): void {
    const all = elementsOf(this.#value(items, scope), this.#effort);
    const kept = condition
      ? all.filter((item) => {
          const inner = new Scope(scope);
          this.#assign(target, item, inner);
          return isTrue(this.#value(condition, inner));
        })
      : [...all];
    if (kept.length === 0) this.#body(otherwise, new Scope(scope));
    for (const [i, item] of kept.entries()) {
      this.#effort.step();
      const inner = new Scope(scope);
      this.#assign(target, item, inner);
      const loop: [string, Value][] = [
        ['index', i + 1],
        ['index0', i],
        ['revindex', kept.length - i],
        ['revindex0', kept.length - i - 1],
        ['first', i === 0],
        ['last', i === kept.length - 1],
        ['length', kept.length],
        ['previtem', kept[i - 1]],
        ['nextitem', kept[i + 1]],
      ];
      inner.names.set('loop', new Map(loop));
      if (this.#body(body, inner) === 'break') return;
    }
  }

  #set({ target, attribute, value }: Extract<Statement, { kind: 'set' }>, scope: Scope): void {
    const made = 'kind' in value ? this.#value(value, scope) : this.#capture(value, new Scope(scope));
    const object = attribute === undefined ? undefined : scope.get(target[0] as string);
    if (attribute === undefined) this.#assign(target, made, scope);
    else if (object instanceof Map) object.set(attribute, made);
    else this.#effort.fail(`${target[0]} is no namespace`);
  }

  #macro({ name, parameters, body }: Extract<Statement, { kind: 'macro' }>, scope: Scope): Callable {
    return new Callable(({ positional, named }) => {
      if (++this.#calls > MAX_CALLS) this.#effort.fail(`${name} calls itself more than ${MAX_CALLS} times`);
      const inner = new Scope(scope);
      parameters.forEach(([parameter, fallback], i) => {
        const given = i < positional.length ? positional[i] : named.get(parameter);
        inner.names.set(parameter, given === undefined && fallback ? this.#value(fallback, scope) : given);
      });
      const text = this.#capture(body, inner);
      this.#calls--;
      return text;
    });
  }

  #value(expression: Expression, scope: Scope): Value {
    const effort = this.#effort;
    effort.step();
    effort.line = expression.line;
    switch (expression.kind) {
      case 'literal':
        return expression.value;
      case 'name':
        return scope.get(expression.name);
      case 'list':
        return effort.list(expression.items.map((item) => this.#value(item, scope)));
      case 'dict':
        return new Map(
          expression.entries.map(([key, value]) => [
            toText(this.#value(key, scope), effort),
            this.#value(value, scope),
          ]),
        );
      case 'unary': {
        const operand = this.#value(expression.operand, scope);
        if (expression.operator === 'not') return !isTrue(operand);
        if (typeof operand !== 'number') return effort.fail(`${expression.operator} needs a number`);
        return expression.operator === '-' ? -operand : operand;
      }
      case 'binary':
        return this.#binary(expression, scope);
      case 'choice':
        if (isTrue(this.#value(expression.condition, scope))) return this.#value(expression.yes, scope);
        return expression.no && this.#value(expression.no, scope);
      case 'attribute':
        return this.#attribute(this.#value(expression.object, scope), expression.name);
      case 'item':
        return this.#item(this.#value(expression.object, scope), this.#value(expression.key, scope));
      case 'slice':
        return this.#slice(
          this.#value(expression.object, scope),
          expression.bounds.map((bound) => bound && this.#value(bound, scope)),
        );
      case 'call': {
        const callee = this.#value(expression.callee, scope);
        if (!(callee instanceof Callable)) return effort.fail('what is called is no function');
        const given = this.#arguments(expression.call, scope);
        effort.line = expression.line;
        return callee.call(given);
      }
      case 'filter': {
        const operand = this.#value(expression.operand, scope);
        return filter(expression.name, operand, this.#arguments(expression.call, scope), effort);
      }
      case 'test': {
        const operand = this.#value(expression.operand, scope);
        const holds = test(expression.name, operand, this.#arguments(expression.call, scope), effort);
        return holds !== expression.isNegative;
      }
    }
  }

  #arguments({ positional, named }: Arguments, scope: Scope): CallArguments {
    return {
      positional: positional.map((value) => this.#value(value, scope)),
      named: new Map(named.map(([name, value]) => [name, this.#value(value, scope)])),
    };
  }

  #binary({ operator, left, right }: Extract<Expression, { kind: 'binary' }>, scope: Scope): Value {
    const effort = this.#effort;
    const a = this.#value(left, scope);
    if (operator === 'and') return isTrue(a) ? this.#value(right, scope) : a;
    if (operator === 'or') return isTrue(a) ? a : this.#value(right, scope);
    const b = this.#value(right, scope);
    switch (operator) {
      case '==':
        return isEqual(a, b, effort);
      case '!=':
        return !isEqual(a, b, effort);
      case 'in':
        return contains(b, a, effort);
      case 'not in':
        return !contains(b, a, effort);
      case '~':
        return this.#concatenate(toText(a, effort), toText(b, effort));
    }
    if (operator === '+' && typeof a === 'string' && typeof b === 'string') return this.#concatenate(a, b);
    if (operator === '+' && Array.isArray(a) && Array.isArray(b)) {
      effort.make(a.length + b.length);
      return [...a, ...b];
    }
    if (typeof a === 'string' && typeof b === 'string' && '<>='.includes(operator.charAt(0)))
      return operator.startsWith('<')
        ? a < b || (operator === '<=' && a === b)
        : a > b || (operator === '>=' && a === b);
    if (operator === '*' && typeof a === 'string' && typeof b === 'number') {
      effort.make(a.length * Math.max(0, b));
      return a.repeat(Math.max(0, Math.trunc(b)));
    }
    if (typeof a !== 'number' || typeof b !== 'number') {
      const nameOf = (value: Value) => (value === undefined ? 'nothing' : typeof value);
      return effort.fail(`${operator} does not go with ${nameOf(a)} and ${nameOf(b)}`);
    }
    if (b === 0 && '/%'.includes(operator.charAt(0))) return effort.fail('a division by 0');
    const results: Record<string, () => Value> = {
      '+': () => a + b,
      '-': () => a - b,
      '*': () => a * b,
      '/': () => a / b,
      '//': () => Math.floor(a / b),
      '%': () => ((a % b) + b) % b,
      '<': () => a < b,
      '>': () => a > b,
      '<=': () => a <= b,
      '>=': () => a >= b,
    };
    return (results[operator] as () => Value)();
  }

  #concatenate(a: string, b: string): string {
    this.#effort.make(a.length + b.length);
    return a + b;
  }

  #attribute(object: Value, name: string): Value {
    if (object === undefined) return this.#effort.fail(`${name} of what is not defined`);
    if (object instanceof Map && object.has(name)) return object.get(name);
    return methodOf(object, name, this.#effort);
  }

  #item(object: Value, key: Value): Value {
    if (object === undefined) return this.#effort.fail('an element of what is not defined');
    if (object instanceof Map) return typeof key === 'string' ? object.get(key) : undefined;
    if (typeof key !== 'number') return typeof key === 'string' ? methodOf(object, key, this.#effort) : undefined;
    if (Array.isArray(object)) return object.at(key);
    return typeof object === 'string' ? object.at(key) : undefined;
  }

  /** As Python's, with a step. */
  #slice(object: Value, [from, to, step]: readonly Value[]): Value {
    const isText = typeof object === 'string';
    const elements: readonly Value[] = isText ? [...object] : elementsOf(object, this.#effort);
    this.#effort.make(elements.length);
    const { length } = elements;
    const by = typeof step === 'number' ? Math.trunc(step) : 1;
    if (by === 0) return this.#effort.fail('a slice by steps of 0');
    const place = (bound: Value, fallback: number) => {
      if (typeof bound !== 'number') return fallback;
      const at = bound < 0 ? length + bound : bound;
      return by > 0 ? Math.min(Math.max(at, 0), length) : Math.min(Math.max(at, -1), length - 1);
    };
    const [start, end] = by > 0 ? [place(from, 0), place(to, length)] : [place(from, length - 1), place(to, -1)];
    const taken: Value[] = [];
    for (let at = start; by > 0 ? at < end : at > end; at += by) taken.push(elements[at]);
    return isText ? taken.join('') : taken;
  }
}

/** As strftime, for the letters that templates use. */
function formatDate(format: string, date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const parts: Readonly<Record<string, string>> = {
    Y: String(date.getFullYear()),
    m: two(date.getMonth() + 1),
    d: two(date.getDate()),
    B: date.toLocaleString('en', { month: 'long' }),
    b: date.toLocaleString('en', { month: 'short' }),
    A: date.toLocaleString('en', { weekday: 'long' }),
    H: two(date.getHours()),
    M: two(date.getMinutes()),
    S: two(date.getSeconds()),
  };
  return format.replace(/%([a-zA-Z])/g, (whole, letter) => parts[letter] ?? whole);
}
