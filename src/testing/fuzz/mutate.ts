// Mutations of files, each a pure function of its seed: of bytes as of any file, of JSON by its structure, of zips by
// their fields.
import { type Rng, rng } from '../../lib/rng';

export type Mutate = (bytes: Uint8Array, draw: Rng) => Uint8Array;

/** The draw of one mutation. */
export const drawOf = (seed: number, index: number): Rng => rng(seed, 'shuffle', index);

const pick = <T>(draw: Rng, from: readonly T[]): T => draw.pick(from);
const utf8 = new TextEncoder();

function splice(bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array {
  const result = new Uint8Array(bytes.length - remove + insert.length);
  result.set(bytes.subarray(0, at));
  result.set(insert, at);
  result.set(bytes.subarray(at + remove), at + insert.length);
  return result;
}

/** Flips, overwrites, cuts out, repeats, cuts off, or puts one of the fragments in; one to four times. */
export const mutateBytes =
  (fragments: readonly (string | Uint8Array)[]): Mutate =>
  (bytes, draw) => {
    let result = bytes;
    for (let i = draw.integer(1, 4); i > 0; i--) {
      const at = draw.integer(0, Math.max(0, result.length - 1));
      const length = Math.min(result.length - at, draw.integer(1, draw.chance(0.2) ? 2000 : 8));
      const fragment = pick(draw, fragments);
      const changes: (() => Uint8Array)[] = [
        () => result.map((byte, place) => (place === at ? byte ^ (1 << draw.integer(0, 7)) : byte)),
        () => result.map((byte, place) => (place === at ? draw.integer(0, 255) : byte)),
        () => splice(result, at, length, new Uint8Array(0)),
        () => splice(result, at, 0, result.slice(at, at + length)),
        () =>
          splice(
            result,
            at,
            draw.chance(0.5) ? length : 0,
            typeof fragment === 'string' ? utf8.encode(fragment) : fragment,
          ),
        () => (draw.chance(0.2) ? result.slice(0, at) : result),
      ];
      result = pick(draw, changes)();
    }
    return result;
  };

/** Values that files of strangers play with. */
const ODD_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -5,
  1,
  1.5,
  3,
  64,
  1e8,
  1e20,
  1e300,
  -1e300,
  1e-300,
  2 ** 31,
  2 ** 53,
  '',
  'x',
  '12',
  '__proto__',
  'constructor',
  [],
  {},
  [[]],
  [null],
  { type: 'Sequence' },
  '1'.repeat(40),
  'é',
  '😀',
  '\u0000',
  ' ',
  'a'.repeat(600),
];

/** Replaces, removes, renames, repeats and moves values of a JSON file; what is no JSON it leaves. `values` join the odd ones. */
export const mutateJson =
  (values: readonly unknown[]): Mutate =>
  (bytes, draw) => {
    const root: { file: unknown } = { file: JSON.parse(new TextDecoder().decode(bytes)) };
    for (let i = draw.integer(1, 3); i > 0; i--) {
      const places = placesIn(root);
      if (places.length === 0) break;
      const [holder, key] = pick(draw, places);
      const odd = structuredClone(draw.chance(0.5) && values.length > 0 ? pick(draw, values) : pick(draw, ODD_VALUES));
      const nest = (value: unknown, depth: number): unknown => (depth === 0 ? value : nest([value], depth - 1));
      const changes: (() => void)[] = [
        () => put(holder, key, odd),
        () => put(holder, key, odd),
        () => (Array.isArray(holder) ? holder.splice(Number(key), 1) : delete holder[key]),
        () =>
          put(
            holder,
            Array.isArray(holder) ? String(holder.length) : pick(draw, ['__proto__', 'type', 'id', `${key}x`]),
            odd,
          ),
        () => put(holder, key, structuredClone(valueAt(...pick(draw, places)))),
        () => put(holder, key, nest(valueAt(holder, key), draw.integer(1, 80))),
        () =>
          put(
            holder,
            key,
            Array.from({ length: draw.integer(2, 300) }, () => valueAt(holder, key)),
          ),
      ];
      const whole = JSON.stringify(root.file ?? null);
      pick(draw, changes)();
      // Repeating may multiply.
      if (JSON.stringify(root.file ?? null).length > 300_000) root.file = JSON.parse(whole);
    }
    const text = JSON.stringify(root.file ?? null);
    // A key twice cannot be made of an object.
    const twice = draw.chance(0.1) ? text.replace(/"(\w+)":[^,{}[\]]+,/, '$&$&') : text;
    return utf8.encode(twice);
  };

type Holder = Record<string, unknown> | unknown[];
const valueAt = (holder: Holder, key: string) => (holder as Record<string, unknown>)[key];

function put(holder: Holder, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function placesIn(root: Holder): [Holder, string][] {
  const places: [Holder, string][] = [];
  const visit = (holder: Holder) => {
    for (const key of Object.keys(holder)) {
      if (places.length > 2000) return;
      places.push([holder, key]);
      const value = valueAt(holder, key);
      if (typeof value === 'object' && value !== null) visit(value as Holder);
    }
  };
  visit(root);
  return places;
}

const RECORDS = [
  { signature: 0x02014b50, fields: [8, 10, 16, 20, 24, 28, 30, 32, 42] },
  { signature: 0x04034b50, fields: [6, 8, 14, 18, 22, 26, 28] },
  { signature: 0x06054b50, fields: [4, 8, 10, 12, 16, 20] },
];

/** Sets fields of a zip's records to odd numbers. */
export const mutateZip: Mutate = (bytes, draw) => {
  const zip = bytes.slice();
  const view = new DataView(zip.buffer);
  const fields: number[] = [];
  for (let at = 0; at + 4 <= zip.length; at++) {
    const record = RECORDS.find(({ signature }) => view.getUint32(at, true) === signature);
    for (const field of record?.fields ?? []) if (at + field + 4 <= zip.length) fields.push(at + field);
  }
  for (let i = draw.integer(1, 3); i > 0 && fields.length > 0; i--) {
    const at = pick(draw, fields);
    const old = view.getUint32(at, true);
    const value = pick(draw, [
      0,
      1,
      old + 1,
      old - 1,
      old * 2,
      0xffff,
      0xffffffff,
      2 ** 31,
      2 ** 20,
      zip.length,
      draw.integer(0, zip.length),
    ]);
    if (draw.chance(0.5)) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
  }
  return zip;
};

/** One of several ways. */
export const anyOf =
  (...ways: readonly Mutate[]): Mutate =>
  (bytes, draw) =>
    pick(draw, ways)(bytes, draw);

/** One after the other. */
export const inTurn =
  (...ways: readonly Mutate[]): Mutate =>
  (bytes, draw) =>
    ways.reduce((result, way) => way(result, draw), bytes);
