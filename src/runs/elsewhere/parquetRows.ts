// The rows of a small Parquet file, of those that pandas and pyarrow write. The library believes what a page says of itself, so
// the headers of all pages are looked at first: what it would allocate is bounded by what they say.
import type { ColumnMetaData, FileMetaData, SchemaTree } from 'hyparquet';
import type { JsonObject } from './pythonJson';
import { ResultsError } from './resultsError';

export const MAX_PARQUET_BYTES = 2 ** 27;
const MAX_UNPACKED_BYTES = 2 ** 28;
const MAX_ROWS = 100_000;
/** Values of all columns. */
const MAX_VALUES = 10_000_000;
const CODECS = ['UNCOMPRESSED', 'SNAPPY'];

const loadLibrary = async () => ({
  ...(await import('hyparquet')),
  ...(await import('hyparquet/src/column.js')),
});
type Library = Awaited<ReturnType<typeof loadLibrary>>;

/** Throws ResultsError for what is no Parquet file, a damaged one, or one of a kind that is not read. */
export async function readParquetRows(file: string, content: Blob): Promise<readonly JsonObject[]> {
  const fail = (found: string, remedy = 'Copy it again from where it was trained.', cause?: unknown): never => {
    throw new ResultsError(file, found, remedy, { cause });
  };
  if (content.size > MAX_PARQUET_BYTES) fail(`it holds ${content.size} bytes; at most ${MAX_PARQUET_BYTES} are read`);
  const bytes = await content.arrayBuffer();
  const library = await loadLibrary();
  const damaged = (cause: unknown) => fail('it is damaged, or is no Parquet file', undefined, cause);
  let metadata: FileMetaData;
  try {
    metadata = library.parquetMetadata(bytes);
  } catch (cause) {
    return damaged(cause);
  }
  const codec = metadata.row_groups
    .flatMap(({ columns }) => columns.map(({ meta_data }) => meta_data?.codec))
    .find((one) => !CODECS.includes(one ?? ''));
  if (codec !== undefined) fail(`it is packed by ${codec}`, `Write it again with compression="snappy".`);
  try {
    const found = checkPages(library, bytes, metadata);
    if (found !== undefined) fail(found, 'Split it, or leave out steps.');
    const rows = await library.parquetReadObjects({ file: bytes, metadata });
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])));
  } catch (cause) {
    if (cause instanceof ResultsError) throw cause;
    return damaged(cause);
  }
}

/** What of the file is too large; undefined where nothing is. Throws where it is damaged. */
function checkPages(library: Library, bytes: ArrayBuffer, metadata: FileMetaData): string | undefined {
  if (metadata.num_rows > MAX_ROWS) return `it has ${metadata.num_rows} rows; at most ${MAX_ROWS} are read`;
  const groupRows = metadata.row_groups.reduce((sum, { num_rows }) => sum + num_rows, 0n);
  if (metadata.num_rows < 0n || groupRows !== metadata.num_rows) throw new Error('rows of groups');
  checkColumns(library, metadata);
  let [unpacked, values] = [0, 0];
  for (const { columns } of metadata.row_groups) {
    for (const { meta_data } of columns) {
      if (meta_data === undefined) throw new Error('a column without metadata');
      for (const page of pagesOf(library, bytes, meta_data)) {
        unpacked += page.bytes;
        values += page.values;
        if (unpacked > MAX_UNPACKED_BYTES) return `it unpacks to more than ${MAX_UNPACKED_BYTES} bytes`;
        if (values > MAX_VALUES) return `it has more than ${MAX_VALUES} values`;
      }
    }
  }
  return undefined;
}

/**
 * Throws where a group has other columns than the schema says. The library would begin with them all the same, and nobody would
 * wait for one that it then leaves out, nor hear of its failure.
 */
function checkColumns({ parquetSchema }: Library, metadata: FileMetaData): void {
  const schema = parquetSchema(metadata);
  const names = schema.children.map(({ element }) => element.name);
  if (new Set(names).size < names.length) throw new Error('two columns of one name');
  const leaves = JSON.stringify(leavesOf(schema));
  for (const { columns } of metadata.row_groups) {
    const paths = columns.map(({ meta_data }) => meta_data?.path_in_schema);
    if (JSON.stringify(paths) !== leaves) throw new Error('columns of a group');
  }
}

const leavesOf = ({ path, children }: SchemaTree): string[][] =>
  children.length === 0 ? [path] : children.flatMap(leavesOf);

/** The pages of a column, by their headers. */
function* pagesOf(library: Library, bytes: ArrayBuffer, column: ColumnMetaData) {
  const start = Number(column.dictionary_page_offset || column.data_page_offset);
  const reader = { view: new DataView(bytes, start, Number(column.total_compressed_size)), offset: 0 };
  while (reader.offset < reader.view.byteLength - 1) {
    const header = library.parquetHeader(reader);
    const { compressed_page_size: packed, uncompressed_page_size: size } = header;
    const { data_page_header: first, data_page_header_v2: second, dictionary_page_header: dictionary } = header;
    const values = (first ?? second ?? dictionary)?.num_values ?? 0;
    const rows = second?.num_rows ?? 0;
    for (const one of [packed, size, values, rows])
      if (!Number.isSafeInteger(one) || one < 0) throw new Error('a page');
    yield { bytes: size, values };
    reader.offset += packed;
  }
}

/** Numbers of 64 bits as numbers, and times as texts. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Uint8Array) return undefined;
  return value;
}
