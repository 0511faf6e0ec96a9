// Zips of strangers (PKWARE's APPNOTE 6.3): the central directory is read and checked whole, then an entry is unpacked when it is
// asked for, streamed, and to no more bytes than it says. Nothing is believed that can be checked: bounds, overlaps, CRC-32.
import { SoliloquyError } from './errors';

/** A zip that is damaged, or would unpack to too much. */
export class ZipError extends SoliloquyError {
  readonly code = 'bad_zip';

  constructor(
    readonly fault: 'damaged' | 'too_large',
    problem: string,
    remedy: string,
    options?: ErrorOptions,
  ) {
    super(problem, remedy, options);
  }
}

export interface ZipEntry {
  readonly path: string;
  /** Bytes unpacked and packed, as the directory says. */
  readonly size: number;
  readonly packedSize: number;
  readonly method: number;
  readonly isEncrypted: boolean;
  readonly crc: number;
  /** Where its header is, and its data. */
  readonly start: number;
  readonly dataStart: number;
}

export interface Zip {
  /** By path; folders are left out. */
  readonly entries: ReadonlyMap<string, ZipEntry>;
  /** An entry's bytes. Throws ZipError where it cannot be unpacked to what the directory says. */
  unpack(entry: ZipEntry): Promise<Uint8Array>;
}

/** Limits of the reader. */
export const ZIP_LIMITS = {
  entries: 10_000,
  pathBytes: 512,
  /** How many times its packed size an entry may have; smaller ones may have any. Deflate's own limit is 1,032. */
  ratio: 200,
  smallBytes: 2 ** 20,
} as const;

const END = 0x06054b50;
const END_BYTES = 22;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const LOCATOR_64_BYTES = 20;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const EXTRA_64 = 1;
const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;
const [STORED, DEFLATED] = [0, 8];

/** Reads and checks the directory of a zip; `name` is said in messages. Throws ZipError. */
export function openZip(name: string, bytes: Uint8Array): Zip {
  const reader = new Reader(name, bytes);
  const directory = findDirectory(reader);
  const entries: ZipEntry[] = [];
  let at = directory.start;
  for (let i = 0; i < directory.count; i++) {
    const read = readEntry(reader, at, directory.end);
    entries.push(read.entry);
    at = read.end;
  }
  if (at !== directory.end) reader.fail('its directory has another length than it says');
  checkSpans(reader, entries, directory.start);
  const byPath = new Map<string, ZipEntry>();
  for (const entry of entries) {
    if (byPath.has(entry.path)) reader.fail(`${shown(entry.path)} is in it twice`);
    byPath.set(entry.path, entry);
  }
  for (const path of byPath.keys()) if (path.endsWith('/')) byPath.delete(path);
  return { entries: byPath, unpack: (entry) => unpack(reader, entry) };
}

const shown = (path: string) => JSON.stringify(path.slice(0, 80));

/** Numbers of a file, none of them from beyond its end. */
class Reader {
  readonly #view: DataView;

  constructor(
    readonly name: string,
    readonly bytes: Uint8Array,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  fail(problem: string, cause?: unknown): never {
    const remedy = 'Part of it may be missing: download or pack it again, or unpack it and choose the folder.';
    const what = `${this.name} is damaged, or is no zip: ${problem}.`;
    throw new ZipError('damaged', what, remedy, { cause });
  }

  u16(at: number): number {
    return this.#view.getUint16(this.#checked(at, 2), true);
  }

  u32(at: number): number {
    return this.#view.getUint32(this.#checked(at, 4), true);
  }

  /** One beyond 2⁵³ is no place in a file. */
  u64(at: number): number {
    const value = this.#view.getBigUint64(this.#checked(at, 8), true);
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? this.fail('a number is too large') : Number(value);
  }

  part(start: number, end: number): Uint8Array {
    this.#checked(start, end - start);
    return this.bytes.subarray(start, end);
  }

  #checked(at: number, length: number): number {
    if (at < 0 || length < 0 || at + length > this.bytes.length) this.fail('it ends too early');
    return at;
  }
}

interface Directory {
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

function findDirectory(reader: Reader): Directory {
  const { length } = reader.bytes;
  let at = length - END_BYTES;
  // A comment may follow; its length says whether this is the end.
  const first = Math.max(0, at - MAX_16);
  while (at >= first && !(reader.u32(at) === END && at + END_BYTES + reader.u16(at + 20) === length)) at--;
  if (at < first) reader.fail('it has no directory');
  let [count, size, start, limit] = [reader.u16(at + 10), reader.u32(at + 12), reader.u32(at + 16), at];
  if (count === MAX_16 || size === MAX_32 || start === MAX_32) {
    const locator = at - LOCATOR_64_BYTES;
    if (locator >= 0 && reader.u32(locator) === LOCATOR_64) {
      limit = reader.u64(locator + 8);
      if (reader.u32(limit) !== END_64) reader.fail('it has no directory');
      [count, size, start] = [reader.u64(limit + 32), reader.u64(limit + 40), reader.u64(limit + 48)];
    }
  }
  if (count > ZIP_LIMITS.entries) {
    const problem = `${reader.name} holds ${count} files, at most ${ZIP_LIMITS.entries} are read.`;
    throw new ZipError('too_large', problem, 'Choose a zip of one model folder.');
  }
  if (start + size > limit) reader.fail('its directory is cut off');
  return { start, end: start + size, count };
}

function readEntry(reader: Reader, at: number, directoryEnd: number): { entry: ZipEntry; end: number } {
  if (at + ENTRY_BYTES > directoryEnd || reader.u32(at) !== ENTRY) reader.fail('its directory is not one');
  const flags = reader.u16(at + 8);
  const pathEnd = at + ENTRY_BYTES + reader.u16(at + 28);
  const extraEnd = pathEnd + reader.u16(at + 30);
  const end = extraEnd + reader.u16(at + 32);
  if (end > directoryEnd) reader.fail('its directory is cut off');
  const name = reader.part(at + ENTRY_BYTES, pathEnd);
  const [size, packedSize, start] = sizesOf(reader, at, pathEnd, extraEnd);
  const dataStart = checkLocal(reader, start, name);
  const entry = {
    path: readPath(reader, name),
    size,
    packedSize,
    method: reader.u16(at + 10),
    isEncrypted: (flags & 1) !== 0,
    crc: reader.u32(at + 16),
    start,
    dataStart,
  };
  return { entry, end };
}

/** Size, packed size and start of an entry; those of 2³² − 1 are in the 64-bit extra field, in this order. */
function sizesOf(reader: Reader, at: number, extraStart: number, extraEnd: number): [number, number, number] {
  const short = [reader.u32(at + 24), reader.u32(at + 20), reader.u32(at + 42)];
  let field = extraStart;
  while (field + 4 <= extraEnd && reader.u16(field) !== EXTRA_64) field += 4 + reader.u16(field + 2);
  const fieldEnd = field + 4 <= extraEnd ? Math.min(extraEnd, field + 4 + reader.u16(field + 2)) : 0;
  let next = field + 4;
  return short.map((value) => {
    if (value !== MAX_32 || next + 8 > fieldEnd) return value;
    next += 8;
    return reader.u64(next - 8);
  }) as [number, number, number];
}

/** Checks the header before an entry's data; where the data starts. */
function checkLocal(reader: Reader, start: number, name: Uint8Array): number {
  if (reader.u32(start) !== LOCAL) reader.fail('an entry is not where its directory says');
  const nameEnd = start + LOCAL_BYTES + reader.u16(start + 26);
  const local = reader.part(start + LOCAL_BYTES, nameEnd);
  if (local.length !== name.length || local.some((byte, i) => byte !== name[i]))
    reader.fail('an entry has another name in its directory');
  return nameEnd + reader.u16(start + 28);
}

/** A path that stays in the folder it is unpacked into. */
function readPath(reader: Reader, name: Uint8Array): string {
  if (name.length > ZIP_LIMITS.pathBytes) reader.fail('a name is too long');
  let path: string;
  try {
    path = new TextDecoder('utf-8', { fatal: true }).decode(name);
  } catch {
    // Old programs write the code page of their machine. No file of a model has such a name.
    path = new TextDecoder('latin1').decode(name);
  }
  const isSafe = path !== '' && !/[\p{Cc}\\]|^\/|^[a-z]:/iu.test(path) && !path.split('/').includes('..');
  return isSafe ? path : reader.fail(`the name ${shown(path)} is not allowed`);
}

/** Every byte belongs to one entry at most: a few bytes cannot be unpacked again and again. */
function checkSpans(reader: Reader, entries: readonly ZipEntry[], directoryStart: number): void {
  let end = 0;
  for (const entry of [...entries].sort((a, b) => a.start - b.start)) {
    if (entry.start < end) reader.fail(`${shown(entry.path)} overlaps another file`);
    end = entry.dataStart + entry.packedSize;
    if (end > directoryStart) reader.fail(`${shown(entry.path)} is cut off`);
  }
}

async function unpack(reader: Reader, entry: ZipEntry): Promise<Uint8Array> {
  const { path, size, packedSize, method } = entry;
  const fail = (problem: string, cause?: unknown) => reader.fail(`${shown(path)} ${problem}`, cause);
  if (entry.isEncrypted) fail('is encrypted');
  if (method !== STORED && method !== DEFLATED) fail(`is packed by method ${method}; 0 and 8 are read`);
  if (size > ZIP_LIMITS.smallBytes && size > packedSize * ZIP_LIMITS.ratio) {
    throw new ZipError(
      'too_large',
      `${reader.name}: ${path} would unpack to ${size} bytes from ${packedSize}, more than ${ZIP_LIMITS.ratio} times as many.`,
      'If it is what you want, unpack the zip yourself and choose the folder.',
    );
  }
  const packed = reader.part(entry.dataStart, entry.dataStart + packedSize);
  if (method === STORED && size !== packedSize) fail('has another size than its directory says');
  const bytes = method === STORED ? packed : await inflate(packed, size, fail);
  if (crc32(bytes) !== entry.crc) fail('is not what was packed (its CRC-32 differs)');
  return bytes;
}

/** Unpacks to exactly `size` bytes, stopping at the first too many. */
async function inflate(
  packed: Uint8Array,
  size: number,
  fail: (problem: string, cause?: unknown) => never,
): Promise<Uint8Array> {
  const output = new Uint8Array(size);
  const stream = new Blob([packed as Uint8Array<ArrayBuffer>]).stream();
  const reader = stream.pipeThrough(new DecompressionStream('deflate-raw')).getReader();
  let filled = 0;
  for (;;) {
    const { value } = await reader.read().catch((cause: unknown) => fail('cannot be unpacked', cause));
    if (value === undefined) break;
    if (filled + value.length > size) {
      reader.cancel().catch(() => {});
      fail('is larger than its directory says');
    }
    output.set(value, filled);
    filled += value.length;
  }
  return filled === size ? output : fail('is smaller than its directory says');
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  return crc;
});

/** The checksum of zip and PNG: CRC-32 of the reflected polynomial 0xEDB88320. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
