// Where the bytes of a folder come from: a directory, a URL, a zip, files a person chose. Each tells the size of a file and gives
// ranges of it, so that no file has to be in memory whole.

/** Bytes `start` … `end` of a file, without the last. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface FileSource {
  /** Said in messages, e.g. `public/models/base`. */
  readonly name: string;
  /** The file's bytes counted, or undefined when the folder has no such file. */
  size(fileName: string): Promise<number | undefined>;
  /**
   * The file's bytes, or those of a range within its size; undefined when the folder has no such file. Whoever gets
   * them leaves them as they are.
   */
  read(fileName: string, range?: ByteRange): Promise<Uint8Array | undefined>;
}

/** A folder in memory, or of files that a person chose, of which the browser reads what is asked for. */
export function mapSource(name: string, files: ReadonlyMap<string, Uint8Array | Blob>): FileSource {
  const read = async (fileName: string, range?: ByteRange): Promise<Uint8Array | undefined> => {
    const file = files.get(fileName);
    if (file === undefined) return undefined;
    if (file instanceof Uint8Array) return range ? file.subarray(range.start, range.end) : file;
    return new Uint8Array(await (range ? file.slice(range.start, range.end) : file).arrayBuffer());
  };
  const size = async (fileName: string) => {
    const file = files.get(fileName);
    return file instanceof Uint8Array ? file.length : file?.size;
  };
  return { name, size, read };
}

/** The same source with some small files asked for at once: over a network each would else wait for the one before it. */
export function readAhead(source: FileSource, fileNames: readonly string[]): FileSource {
  const begun = new Map(fileNames.map((fileName) => [fileName, source.read(fileName)]));
  // A failure is met by whoever reads the file.
  for (const reading of begun.values()) reading.catch(() => {});
  const read = (fileName: string, range?: ByteRange) =>
    (range === undefined ? begun.get(fileName) : undefined) ?? source.read(fileName, range);
  return { ...source, read };
}

/** A folder of which files can only be read whole: each is read once and kept. */
export function wholeFilesSource(
  name: string,
  readWhole: (fileName: string) => Promise<Uint8Array | undefined>,
): FileSource {
  const files = new Map<string, Promise<Uint8Array | undefined>>();
  const whole = (fileName: string) => {
    const known = files.get(fileName) ?? readWhole(fileName);
    files.set(fileName, known);
    return known;
  };
  return {
    name,
    size: async (fileName) => (await whole(fileName))?.length,
    read: async (fileName, range) => {
      const bytes = await whole(fileName);
      return range ? bytes?.subarray(range.start, range.end) : bytes;
    },
  };
}

/** What is read at once where less is asked for: small tensors that lie together come together. */
const PIECE_BYTES = 2 ** 23;

/** A quantised weight is read at three places at once: of its integers, of their scales and of their offsets. */
const MOST_PIECES = 3;

/**
 * The same source, read in pieces of a bounded size, of which the last ones are kept: for files that are read from front
 * to back, at a few places at once.
 */
export function inPieces(source: FileSource, pieceBytes = PIECE_BYTES): FileSource {
  const kept: { readonly fileName: string; readonly start: number; readonly bytes: Uint8Array }[] = [];
  const read = async (fileName: string, range?: ByteRange): Promise<Uint8Array | undefined> => {
    if (range === undefined) return source.read(fileName);
    const { start, end } = range;
    const known = kept.find(
      (piece) => piece.fileName === fileName && start >= piece.start && end <= piece.start + piece.bytes.length,
    );
    if (known) return known.bytes.subarray(start - known.start, end - known.start);
    const size = await source.size(fileName);
    if (size === undefined) return undefined;
    const bytes = await source.read(fileName, { start, end: Math.max(end, Math.min(size, start + pieceBytes)) });
    if (bytes === undefined) return undefined;
    kept.push({ fileName, start, bytes });
    if (kept.length > MOST_PIECES) kept.shift();
    return bytes.subarray(0, end - start);
  };
  return { ...source, read };
}
