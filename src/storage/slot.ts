// One slot of a checkpoint: a header, then the body (a table of contents and the payload's chunks). The body is written and
// flushed first, the header last, so a slot with a valid header was written whole; hashes tell what a crash or a bad disk left.
//
//   header (128 bytes, little endian)
//     0 magic "SOLILOQY"   8 version u32   12 table bytes u32   16 sequence f64   24 step f64   32 body bytes f64
//    40 body hash (32)    72 zero (24)    96 SHA-256 of bytes 0–95
//   body hash = SHA-256 of the SHA-256s of the table and of each chunk
import { asStorageError, StorageFullError } from './errors';
import type { SlotFile } from './slotFile';

const MAGIC = new TextEncoder().encode('SOLILOQY');
const VERSION = 1;
const HASH_BYTES = 32;
const HEADER_BYTES = 128;
const HEADER_HASH_AT = HEADER_BYTES - HASH_BYTES;
const MAX_TABLE_BYTES = 16 * 2 ** 20;

export interface SlotContent {
  /** Counts the saves of a run; the higher of two valid slots is the newer. */
  readonly sequence: number;
  readonly step: number;
  /** Plain JSON. */
  readonly meta: unknown;
  readonly payload: readonly Uint8Array[];
}

/** What a slot's header says of its body. */
export interface SlotHeader {
  readonly sequence: number;
  readonly step: number;
  readonly tableBytes: number;
  readonly bodyBytes: number;
  readonly bodyHash: Uint8Array;
}

/** A slot never committed is `empty`; one whose header or body fails its hash is `damaged`, with what was found. */
export type SlotState<T> =
  | { readonly state: 'valid'; readonly value: T }
  | { readonly state: 'empty' }
  | { readonly state: 'damaged'; readonly reason: string };

interface Table {
  readonly meta: unknown;
  readonly chunkBytes: readonly number[];
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  // WebCrypto takes no view of shared memory; weights read back from a device never are.
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
}

async function hashBody(parts: readonly Uint8Array[]): Promise<Uint8Array> {
  const hashes = await Promise.all(parts.map(sha256));
  const joined = new Uint8Array(hashes.length * HASH_BYTES);
  hashes.forEach((hash, i) => {
    joined.set(hash, i * HASH_BYTES);
  });
  return sha256(joined);
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

async function encodeHeader(header: SlotHeader): Promise<Uint8Array> {
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(MAGIC, 0);
  view.setUint32(8, VERSION, true);
  view.setUint32(12, header.tableBytes, true);
  view.setFloat64(16, header.sequence, true);
  view.setFloat64(24, header.step, true);
  view.setFloat64(32, header.bodyBytes, true);
  bytes.set(header.bodyHash, 40);
  bytes.set(await sha256(bytes.subarray(0, HEADER_HASH_AT)), HEADER_HASH_AT);
  return bytes;
}

/** Reads and checks a slot's header alone: cheap, but says nothing of the body. */
export async function readHeader(file: SlotFile): Promise<SlotState<SlotHeader>> {
  const bytes = new Uint8Array(HEADER_BYTES);
  const count = readUpTo(file, bytes, 0);
  if (bytes.every((byte) => byte === 0)) return { state: 'empty' };
  if (count < HEADER_BYTES) return { state: 'damaged', reason: `header of ${count} bytes, needs ${HEADER_BYTES}` };
  if (!equalBytes(await sha256(bytes.subarray(0, HEADER_HASH_AT)), bytes.subarray(HEADER_HASH_AT))) {
    return { state: 'damaged', reason: 'header fails its hash' };
  }
  const view = new DataView(bytes.buffer);
  const version = view.getUint32(8, true);
  if (!equalBytes(bytes.subarray(0, 8), MAGIC) || version !== VERSION) {
    return { state: 'damaged', reason: `format ${version}, this program reads ${VERSION}` };
  }
  const header: SlotHeader = {
    tableBytes: view.getUint32(12, true),
    sequence: view.getFloat64(16, true),
    step: view.getFloat64(24, true),
    bodyBytes: view.getFloat64(32, true),
    bodyHash: bytes.slice(40, 40 + HASH_BYTES),
  };
  return { state: 'valid', value: header };
}

/** Reads a whole slot and checks every byte of it. */
export async function readSlot(file: SlotFile): Promise<SlotState<SlotContent>> {
  const headerState = await readHeader(file);
  if (headerState.state !== 'valid') return headerState;
  const { sequence, step, tableBytes, bodyBytes, bodyHash } = headerState.value;
  const available = file.size() - HEADER_BYTES;
  if (available < bodyBytes) return { state: 'damaged', reason: `body of ${available} bytes, needs ${bodyBytes}` };

  const tableText = new Uint8Array(tableBytes);
  readUpTo(file, tableText, HEADER_BYTES);
  const table = parseTable(tableText, bodyBytes - tableBytes);
  if (table === undefined) return { state: 'damaged', reason: 'table of contents cannot be read' };

  let at = HEADER_BYTES + tableBytes;
  const payload = table.chunkBytes.map((chunkBytes) => {
    const chunk = new Uint8Array(chunkBytes);
    readUpTo(file, chunk, at);
    at += chunkBytes;
    return chunk;
  });
  if (!equalBytes(await hashBody([tableText, ...payload]), bodyHash)) {
    return { state: 'damaged', reason: 'body fails its hash' };
  }
  return { state: 'valid', value: { sequence, step, meta: table.meta, payload } };
}

/** The table, or undefined if it is not one whose chunks fill `payloadBytes`. Its hash is checked only afterwards. */
function parseTable(text: Uint8Array, payloadBytes: number): Table | undefined {
  try {
    const table: Partial<Table> | null = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
    const { chunkBytes, meta } = table ?? {};
    if (!Array.isArray(chunkBytes) || !chunkBytes.every((bytes) => Number.isSafeInteger(bytes) && bytes >= 0)) {
      return undefined;
    }
    const total = chunkBytes.reduce((sum: number, bytes: number) => sum + bytes, 0);
    return total === payloadBytes ? { meta, chunkBytes } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Overwrites a slot: body, flush, header, flush. The payload must not change until the promise resolves.
 * Throws StorageFullError if there is no room; the slot is then empty.
 */
export async function writeSlot(file: SlotFile, content: SlotContent): Promise<SlotHeader> {
  const { sequence, step, meta, payload } = content;
  const table: Table = { meta, chunkBytes: payload.map((chunk) => chunk.byteLength) };
  const tableText = new TextEncoder().encode(JSON.stringify(table));
  if (tableText.length > MAX_TABLE_BYTES) {
    throw new RangeError(`A checkpoint's meta may take ${MAX_TABLE_BYTES} bytes as JSON; got ${tableText.length}.`);
  }
  const body = [tableText, ...payload];
  const header: SlotHeader = {
    sequence,
    step,
    tableBytes: tableText.length,
    bodyBytes: body.reduce((sum, part) => sum + part.byteLength, 0),
    bodyHash: await hashBody(body),
  };
  const headerBytes = await encodeHeader(header);
  try {
    let at = HEADER_BYTES;
    for (const part of body) {
      writeFully(file, part, at);
      at += part.byteLength;
    }
    file.truncate(at);
    file.flush();
    writeFully(file, headerBytes, 0);
    file.flush();
  } catch (error) {
    const storageError = asStorageError(error, 'the checkpoint');
    if (storageError instanceof StorageFullError) empty(file);
    throw storageError;
  }
  return header;
}

/** Where that fails, too, the slot is damaged: its header is no longer that of its body. */
function empty(file: SlotFile): void {
  try {
    file.truncate(0);
  } catch {}
}

function readUpTo(file: SlotFile, into: Uint8Array, at: number): number {
  let done = 0;
  while (done < into.length) {
    const count = file.read(into.subarray(done), at + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

function writeFully(file: SlotFile, from: Uint8Array, at: number): void {
  let done = 0;
  while (done < from.length) {
    const count = file.write(from.subarray(done), at + done);
    // At the quota, Chromium's access handles return the error's code, -8 as an unsigned number, instead of throwing.
    if (count <= 0 || count > from.length - done) throw new StorageFullError('the checkpoint');
    done += count;
  }
}
