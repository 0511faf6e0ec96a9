// What a template computes with, as Python has it, and what of it is bounded: steps, and characters made.
import { ChatTemplateError } from './templateError';

/** Undefined is what has no value; null is None. Dicts and namespaces are Maps, so that no key is magic. */
export type Value = string | number | boolean | null | undefined | Value[] | Map<string, Value> | Callable;

export interface CallArguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

export class Callable {
  constructor(readonly call: (given: CallArguments) => Value) {}
}

export const TEMPLATE_LIMITS = {
  steps: 100_000,
  /** Of all texts and lists that are made, one after the other. */
  characters: 2_000_000,
  /** Of the prompt. */
  output: 100_000,
} as const;

const MAX_VALUE_DEPTH = 50;

/** Counts what a template does. */
export class Effort {
  line = 1;
  #steps = 0;
  #characters = 0;

  fail(problem: string): never {
    throw new ChatTemplateError(this.line, problem);
  }

  /** Called where a value is gone into; a list may be in itself. */
  enter(depth: number): void {
    this.step();
    if (depth > MAX_VALUE_DEPTH) this.fail(`more than ${MAX_VALUE_DEPTH} lists in one another`);
  }

  step(): void {
    if (++this.#steps > TEMPLATE_LIMITS.steps) this.fail(`more than ${TEMPLATE_LIMITS.steps} steps`);
  }

  /** Called before a text or list of so many elements is made. */
  make(elements: number): void {
    this.#characters += elements;
    if (!(this.#characters <= TEMPLATE_LIMITS.characters))
      this.fail(`more than ${TEMPLATE_LIMITS.characters} characters are made`);
  }

  text(value: string): string {
    this.make(value.length);
    return value;
  }

  list(value: Value[]): Value[] {
    this.make(value.length);
    return value;
  }
}

export function isTrue(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map) return value.size > 0;
  return Boolean(value);
}

export function isEqual(a: Value, b: Value, effort: Effort, depth = 0): boolean {
  effort.enter(depth);
  const isSame = (x: Value, y: Value) => isEqual(x, y, effort, depth + 1);
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  if (a instanceof Map && b instanceof Map) {
    return a.size === b.size && [...a].every(([key, value]) => b.has(key) && isSame(value, b.get(key)));
  }
  return a === b;
}

/** As Python's str(). */
export function toText(value: Value, effort: Effort): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  return effort.text(represent(value, effort));
}

function represent(value: Value, effort: Effort, depth = 0): string {
  effort.enter(depth);
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return effort.text(value.includes("'") ? JSON.stringify(value) : `'${value}'`);
  if (Array.isArray(value))
    return effort.text(`[${value.map((item) => represent(item, effort, depth + 1)).join(', ')}]`);
  if (value instanceof Map) {
    const entries = [...value].map(([key, item]) => `'${key}': ${represent(item, effort, depth + 1)}`);
    return effort.text(`{${entries.join(', ')}}`);
  }
  return value instanceof Callable ? 'function' : String(value);
}

/** As transformers' tojson: json.dumps with ensure_ascii off. */
export function toJson(value: Value, indent: number, effort: Effort, level = 1): string {
  effort.enter(level);
  if (value === null || value === undefined) return 'null';
  if (value instanceof Callable) return effort.fail('a function has no JSON');
  if (!Array.isArray(value) && !(value instanceof Map)) return effort.text(JSON.stringify(value));
  effort.make(indent * level);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const parts = Array.isArray(value)
    ? value.map((item) => toJson(item, indent, effort, level + 1))
    : [...value].map(([key, item]) => `${JSON.stringify(key)}: ${toJson(item, indent, effort, level + 1)}`);
  if (parts.length === 0) return `${open}${close}`;
  effort.make(parts.length * (indent * level + 2));
  if (indent === 0) return effort.text(`${open}${parts.join(', ')}${close}`);
  const pad = (depth: number) => `\n${' '.repeat(indent * depth)}`;
  return effort.text(`${open}${pad(level)}${parts.join(`,${pad(level)}`)}${pad(level - 1)}${close}`);
}

/** A plain value of JSON. */
export function fromJson(json: unknown): Value {
  if (Array.isArray(json)) return json.map(fromJson);
  if (typeof json === 'object' && json !== null) {
    return new Map(Object.entries(json).map(([key, value]) => [key, fromJson(value)]));
  }
  return json as Value;
}

/** The elements of what can be gone through. */
export function elementsOf(value: Value, effort: Effort): Value[] {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return effort.list([...value.keys()]);
  if (typeof value === 'string') return effort.list([...value]);
  return value === undefined ? [] : effort.fail(`${toText(value, effort).slice(0, 40)} has no elements`);
}
