// Reading the safetensors format: 8 bytes of header length, a JSON header, the tensors' bytes without a gap. Nothing is trusted:
// every rule of the format is checked before a tensor is handed out, and every refusal is a SafetensorsError. Values are left
// as bytes; safetensorsValues.ts turns them into numbers.
import { JsonError } from '../../lib/json';
import { DTYPE_BYTES, type Dtype } from '../../lib/tensors/dtype';
import { type HeaderValue, parseHeaderJson } from './headerJson';
import { SafetensorsError } from './safetensorsError';

const DTYPES: ReadonlyMap<string, number> = new Map(Object.entries(DTYPE_BYTES));

/** Limits of the reader; the format itself has none below 2⁶⁴. */
export const LIMITS = {
  headerBytes: 25_000_000,
  tensors: 100_000,
  nameBytes: 512,
  dims: 8,
  dim: 2 ** 32,
} as const;

/** A tensor in memory. */
export interface RawTensor {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** A view on the file; its alignment in memory is not that of the type. */
  readonly bytes: Uint8Array;
}

export interface SafetensorsFile {
  /** In the order of the header. */
  readonly tensors: ReadonlyMap<string, RawTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Where a tensor lies in its file. */
export interface TensorPlace {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Bytes from the start of the file, without the last. */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  /** In the order in which they lie in the file. */
  readonly places: ReadonlyMap<string, TensorPlace>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** A file of which ranges can be read. */
export interface RangedFile {
  /** Said in messages. */
  readonly name: string;
  readonly size: number;
  read(start: number, end: number): Promise<Uint8Array>;
}

const LENGTH_BYTES = 8;

/**
 * Reads the header alone and checks it against the file's size. Throws SafetensorsError for a file that breaks a rule
 * of the format, and what reading a range throws.
 */
export async function readSafetensorsHeader(file: RangedFile): Promise<SafetensorsHeader> {
  const { name, size } = file;
  const dataStart = dataStartOf(await file.read(0, Math.min(size, LENGTH_BYTES)), size, name);
  return parseHeader(await file.read(LENGTH_BYTES, dataStart), dataStart, size, name);
}

/** Reads a whole file. `file` is its name in messages. Throws SafetensorsError and nothing else. */
export function parseSafetensors(bytes: Uint8Array, file = 'model.safetensors'): SafetensorsFile {
  const dataStart = dataStartOf(bytes, bytes.length, file);
  const header = bytes.subarray(LENGTH_BYTES, dataStart);
  const { spans, metadata } = parseHeaderText(header, dataStart, bytes.length, file);
  const tensors = new Map<string, RawTensor>();
  for (const { name, dtype, shape, begin, end } of spans)
    tensors.set(name, { dtype, shape, bytes: bytes.subarray(begin, end) });
  return { tensors, metadata };
}

interface Span extends TensorPlace {
  readonly name: string;
}

function parseHeader(text: Uint8Array, dataStart: number, fileBytes: number, file: string): SafetensorsHeader {
  const { spans, metadata } = parseHeaderText(text, dataStart, fileBytes, file);
  const ordered = spans.toSorted((a, b) => a.begin - b.begin);
  const places = new Map(ordered.map(({ name, ...place }) => [name, place]));
  return { places, metadata };
}

/** Checks a header and that its tensors fill the file. */
function parseHeaderText(text: Uint8Array, dataStart: number, fileBytes: number, file: string) {
  const header = readHeader(text, file);
  const metadata = readMetadata(header.get('__metadata__'), file);
  header.delete('__metadata__');
  if (header.size > LIMITS.tensors) {
    throw new SafetensorsError('too_many_tensors', file, `${header.size} tensors, at most ${LIMITS.tensors} are read`);
  }
  const spans: Span[] = [];
  for (const [name, entry] of header) spans.push(readEntry(name, entry, file));
  checkLayout(spans, fileBytes - dataStart, file);
  const placed = spans.map((span) => ({ ...span, begin: dataStart + span.begin, end: dataStart + span.end }));
  return { spans: placed, metadata };
}

/** Where the data starts, by a file's first bytes: all of it, or at least eight. */
function dataStartOf(bytes: Uint8Array, fileBytes: number, file: string): number {
  if (fileBytes < LENGTH_BYTES)
    throw new SafetensorsError('file_too_short', file, `${fileBytes} bytes are no safetensors file`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getBigUint64(0, true);
  if (headerBytes > BigInt(LIMITS.headerBytes)) {
    throw new SafetensorsError(
      'header_too_long',
      file,
      `a header of ${headerBytes} bytes, at most ${LIMITS.headerBytes} are read`,
    );
  }
  const dataStart = LENGTH_BYTES + Number(headerBytes);
  if (dataStart > fileBytes) {
    throw new SafetensorsError(
      'file_too_short',
      file,
      `the file ends inside its header (${fileBytes} of ${dataStart} bytes)`,
    );
  }
  return dataStart;
}

function readHeader(bytes: Uint8Array, file: string): Map<string, HeaderValue> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new SafetensorsError('header_not_utf8', file, 'the header is not UTF-8');
  }
  try {
    return parseHeaderJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new SafetensorsError(
      ({ duplicate: 'duplicate_name', surrogate: 'bad_name', other: 'header_not_json' } as const)[error.kind],
      file,
      `header: ${error.message}`,
    );
  }
}

function readMetadata(value: HeaderValue | undefined, file: string): ReadonlyMap<string, string> {
  if (value === undefined) return new Map();
  if (!(value instanceof Map)) throw new SafetensorsError('bad_metadata', file, '__metadata__ is not an object');
  const metadata = new Map<string, string>();
  for (const [key, text] of value) {
    if (typeof text !== 'string')
      throw new SafetensorsError('bad_metadata', file, '__metadata__ holds more than strings');
    metadata.set(key, text);
  }
  return metadata;
}

function readEntry(name: string, entry: HeaderValue, file: string): Span {
  const shown = JSON.stringify(name.slice(0, 80));
  const refuse = (code: ConstructorParameters<typeof SafetensorsError>[0], problem: string): never => {
    throw new SafetensorsError(code, file, `tensor ${shown}: ${problem}`, name);
  };
  if (!isUsableName(name)) refuse('bad_name', 'not a usable name');
  if (!(entry instanceof Map) || entry.size !== 3)
    return refuse('bad_entry', 'needs dtype, shape and data_offsets, nothing else');

  const dtype = entry.get('dtype');
  const elementBytes = typeof dtype === 'string' ? DTYPES.get(dtype) : undefined;
  if (elementBytes === undefined)
    return refuse('unknown_type', `the type ${JSON.stringify(dtype)?.slice(0, 40)} is not known`);

  const shape = entry.get('shape');
  if (!isNumberList(shape)) return refuse('bad_shape', 'shape is not a list of whole numbers');
  if (shape.length > LIMITS.dims) refuse('bad_shape', `${shape.length} dimensions, at most ${LIMITS.dims} are read`);
  let elements = 1;
  for (const dim of shape) {
    elements *= dim;
    // 2³² each and 2⁵³ together, checked at every factor: no product can round or wrap on the way.
    if (dim > LIMITS.dim || elements * elementBytes > Number.MAX_SAFE_INTEGER)
      refuse('bad_shape', `the shape [${shape}] is too large`);
  }

  const offsets = entry.get('data_offsets');
  if (!isNumberList(offsets) || offsets.length !== 2)
    return refuse('bad_offsets', 'data_offsets is not two whole numbers');
  const [begin, end] = offsets as [number, number];
  if (begin > end) refuse('bad_offsets', `data_offsets go backwards (${begin} to ${end})`);
  if (end - begin !== elements * elementBytes) {
    refuse(
      'size_mismatch',
      `${dtype} of shape [${shape}] needs ${elements * elementBytes} bytes, data_offsets span ${end - begin}`,
    );
  }
  return { name, dtype: dtype as Dtype, shape, begin, end };
}

/** Every byte of the data belongs to exactly one tensor: no second file can hide in the gaps. */
function checkLayout(spans: readonly Span[], dataBytes: number, file: string): void {
  const ordered = [...spans].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of ordered) {
    if (end > dataBytes) {
      throw new SafetensorsError(
        'truncated',
        file,
        `the file is cut off inside tensor ${JSON.stringify(name)} (needs ${end} bytes of data, has ${dataBytes})`,
        name,
      );
    }
    if (begin < covered)
      throw new SafetensorsError('overlap', file, `tensor ${JSON.stringify(name)} overlaps another`, name);
    if (begin > covered)
      throw new SafetensorsError(
        'hole',
        file,
        `${begin - covered} bytes before tensor ${JSON.stringify(name)} belong to none`,
        name,
      );
    covered = end;
  }
  if (covered !== dataBytes)
    throw new SafetensorsError(
      'trailing_bytes',
      file,
      `${dataBytes - covered} bytes after the last tensor belong to none`,
    );
}

function isUsableName(name: string): boolean {
  const length = new TextEncoder().encode(name).length;
  return length > 0 && length <= LIMITS.nameBytes && name !== '__proto__' && !/[\p{Cc}\p{Cs}]/u.test(name);
}

function isNumberList(value: HeaderValue | undefined): value is number[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'number' && Number.isSafeInteger(item));
}
