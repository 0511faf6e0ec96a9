// The values of a link, which may come from anybody: text by name, read against a schema. Pure. A name that is not known is
// dropped; a value that is wrong refuses the link as a whole, so that nothing is done with other numbers than it says.
import * as v from 'valibot';

/** More than any link that this page writes; some programs that pass links on cut longer ones. */
export const MAX_LINK_LENGTH = 100_000;

/** Names of things that are kept under them, and of parts of them: no `__proto__`, no spaces. */
const NAME = /^[a-z][a-z0-9_]{0,63}(\.[a-z][a-z0-9_]{0,63})?$/;
const MOST_PAIRS = 256;
const NUMBER = /^-?\d{1,40}(\.\d{1,40})?([eE][-+]?\d{1,4})?$/;

/** What is wrong with a value. */
export interface LinkFault {
  /** As the link has it; undefined: the link as a whole. */
  readonly name: string | undefined;
  /** Its beginning. */
  readonly found: string;
  readonly need: LinkNeed;
}

export type LinkNeed =
  /** What this schema takes: a number, or one of a list. */
  | { readonly kind: 'schema'; readonly schema: v.GenericSchema }
  | { readonly kind: 'oneOf'; readonly choices: readonly string[] }
  /** `name:number,name:number` */
  | { readonly kind: 'pairs' }
  | { readonly kind: 'list' }
  | { readonly kind: 'models' }
  | { readonly kind: 'range'; readonly about: string; readonly min: number; readonly max: number }
  | { readonly kind: 'length'; readonly max: number }
  | { readonly kind: 'once' }
  /** There is none of that name here. */
  | { readonly kind: 'here' }
  | { readonly kind: 'runHere' }
  | { readonly kind: 'code' };

export type LinkResult<T> =
  | { readonly ok: true; readonly link: T }
  | { readonly ok: false; readonly faults: readonly LinkFault[] };

/** Takes values out of a link, and keeps what was wrong with them. */
export class LinkReader {
  readonly faults: LinkFault[] = [];
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: string) {
    const read = new Map<string, string>();
    if (values.length > MAX_LINK_LENGTH) {
      this.faults.push({ name: undefined, found: `${values.length}`, need: { kind: 'length', max: MAX_LINK_LENGTH } });
    } else {
      for (const [name, value] of new URLSearchParams(values)) {
        if (read.has(name)) this.refuse(name, value, { kind: 'once' });
        read.set(name, value);
      }
    }
    this.#values = read;
  }

  refuse(name: string, found: string, need: LinkNeed): undefined {
    this.faults.push({ name, found: found.slice(0, 60), need });
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  text(name: string, maxLength: number): string | undefined {
    const text = this.#values.get(name);
    if (text !== undefined && text.length > maxLength) {
      return this.refuse(name, text, { kind: 'length', max: maxLength });
    }
    return text;
  }

  /** A number, a truth value or a word that the schema takes; undefined where there is none, or another. */
  typed<const S extends v.GenericSchema>(name: string, schema: S): v.InferOutput<S> | undefined {
    const text = this.#values.get(name);
    if (text === undefined) return undefined;
    const parsed = v.safeParse(schema, typedValue(text));
    const isTooLarge =
      parsed.success && parsed.output !== null && isWhole(schema) && !Number.isSafeInteger(parsed.output);
    if (!parsed.success || isTooLarge) return this.refuse(name, text, { kind: 'schema', schema });
    return parsed.output;
  }

  /** `accuracy:1,format:0.1` */
  pairs(name: string): Readonly<Record<string, number>> | undefined {
    const text = this.#values.get(name);
    if (text === undefined) return undefined;
    const pairs = text === '' ? [] : text.split(',').map((pair) => pair.split(':'));
    const isWhole = pairs.every(
      ([key = '', value = '', ...more]) => NAME.test(key) && typeof typedValue(value) === 'number' && more.length === 0,
    );
    const names = new Set(pairs.map(([key]) => key));
    if (!isWhole || names.size < pairs.length || pairs.length > MOST_PAIRS)
      return this.refuse(name, text, { kind: 'pairs' });
    return Object.fromEntries(pairs.map(([key, value]) => [key, Number(value)]));
  }

  result<T>(link: T): LinkResult<T> {
    return this.faults.length > 0 ? { ok: false, faults: this.faults } : { ok: true, link };
  }
}

/** As much of a schema as tells whether it takes whole numbers alone. */
interface Part {
  readonly type: string;
  readonly wrapped?: Part;
  readonly pipe?: readonly Part[];
}

function isWhole(schema: v.GenericSchema): boolean {
  const isWholePart = ({ type, wrapped, pipe = [] }: Part): boolean =>
    type === 'integer' || (wrapped !== undefined && isWholePart(wrapped)) || pipe.slice(1).some(isWholePart);
  return isWholePart(schema as unknown as Part);
}

/** What a text stands for: a number that is finite, a truth value, null; anything else is itself. */
function typedValue(text: string): unknown {
  if (NUMBER.test(text) && isExact(text, Number(text))) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  return text === 'null' ? null : text;
}

/** Digits beyond what a number holds would become another number. */
const isExact = (text: string, value: number) =>
  Number.isFinite(value) && (Math.abs(value) <= Number.MAX_SAFE_INTEGER || String(value) === text);

export const writePairs = (pairs: Readonly<Record<string, number>>): string =>
  Object.entries(pairs)
    .map(([name, value]) => `${name}:${value}`)
    .join(',');
