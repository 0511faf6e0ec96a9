// A model folder under a URL. Files are fetched whole, which browsers keep and ask for again only if they changed; a large one is
// read by HTTP ranges (RFC 9110, 14) where the server gives them.
import type { ByteRange, FileSource } from './fileSource';
import { ModelFolderError } from './folderError';

/** Bytes received so far; `total` is 0 while the server has not said. */
export type DownloadProgress = (fileName: string, received: number, total: number) => void;

/** A file above it is large. */
const LARGE_BYTES = 2 ** 25;

/**
 * A folder under a URL, e.g. `models/base`. 404 means "no such file"; any other failure is a ModelFolderError.
 * @param largeBytes a file of more is read by ranges
 */
export function urlSource(
  baseUrl: string,
  onProgress: DownloadProgress = () => {},
  largeBytes: number = LARGE_BYTES,
): FileSource {
  const folder = baseUrl.replace(/\/+$/, '');
  const files = new Map<string, UrlFile>();
  const fileOf = (fileName: string) => {
    const file = files.get(fileName) ?? new UrlFile(`${folder}/${fileName}`, fileName, onProgress, largeBytes);
    files.set(fileName, file);
    return file;
  };
  return {
    name: folder,
    size: (fileName) => fileOf(fileName).size(),
    read: (fileName, range) => fileOf(fileName).read(range),
  };
}

class UrlFile {
  #size: Promise<number | undefined> | undefined;
  /** All of the file, where it is not read by ranges: kept by the browser, outside of JavaScript's memory. */
  #whole: Promise<Blob> | undefined;
  #received = 0;

  constructor(
    private readonly url: string,
    private readonly fileName: string,
    private readonly onProgress: DownloadProgress,
    private readonly largeBytes: number,
  ) {}

  size(): Promise<number | undefined> {
    this.#size ??= this.#ask();
    return this.#size;
  }

  /** A whole file is not kept: who reads it whole does so once. */
  async read(range?: ByteRange): Promise<Uint8Array | undefined> {
    if (range === undefined) return this.#whole ? bytesOf(await this.#whole) : this.#readWhole();
    const size = await this.size();
    if (size === undefined || range.start === range.end) return size === undefined ? undefined : new Uint8Array();
    return (await this.#whole) === undefined ? this.#readRange(range, size) : this.#slice(range);
  }

  async #readWhole(): Promise<Uint8Array | undefined> {
    const response = await this.#fetch({});
    return response && this.#guard(async () => new Uint8Array(await response.arrayBuffer()));
  }

  async #slice(range: ByteRange): Promise<Uint8Array | undefined> {
    return bytesOf((await this.#whole)?.slice(range.start, range.end));
  }

  async #readRange({ start, end }: ByteRange, size: number): Promise<Uint8Array | undefined> {
    const response = await this.#fetch({ headers: { range: `bytes=${start}-${end - 1}` } });
    if (response === undefined) return undefined;
    if (response.status !== 206) {
      // The server does not know ranges: what it sends is the file.
      this.#whole = this.#receive(response);
      return this.#slice({ start, end });
    }
    const told = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
    const bytes = await this.#guard(async () => new Uint8Array(await response.arrayBuffer()));
    const isOther = told !== null && (Number(told[1]) !== start || (told[2] !== '*' && Number(told[2]) !== size));
    if (isOther || bytes.length !== end - start)
      throw this.#unreachable('the server sent another part than was asked for');
    this.#received += bytes.length;
    this.onProgress(this.fileName, Math.min(size, this.#received), size);
    return bytes;
  }

  /** The file's size. What is not known to be large is fetched for it. */
  async #ask(): Promise<number | undefined> {
    const response = await this.#fetch({});
    if (response === undefined) return undefined;
    // The length of a packed answer is not the file's.
    const isPacked = response.headers.has('content-encoding');
    const length = isPacked ? 0 : Number(response.headers.get('content-length') ?? 0);
    if (length > this.largeBytes) {
      await response.body?.cancel();
      return length;
    }
    this.#whole = this.#receive(response);
    return (await this.#whole).size;
  }

  /** The answer, or undefined where there is no such file. */
  async #fetch(init: RequestInit): Promise<Response | undefined> {
    const response = await this.#guard(() => fetch(this.url, init));
    if (response.status === 404) return undefined;
    if (!response.ok) throw this.#unreachable(`status ${response.status}`);
    // Servers of single-page apps answer a missing file with their index page.
    return response.headers.get('content-type')?.startsWith('text/html') ? undefined : response;
  }

  /** The body, as it comes. */
  #receive(response: Response): Promise<Blob> {
    const total = Number(response.headers.get('content-length') ?? 0);
    let received = 0;
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => {
        received += chunk.length;
        this.onProgress(this.fileName, received, total);
        controller.enqueue(chunk);
      },
    });
    return this.#guard(() => new Response(response.body?.pipeThrough(count)).blob());
  }

  async #guard<T>(receive: () => Promise<T>): Promise<T> {
    try {
      return await receive();
    } catch (error) {
      throw this.#unreachable(error instanceof Error ? error.message : String(error), error);
    }
  }

  #unreachable(reason: string, cause?: unknown): ModelFolderError {
    const problem = `${this.url} could not be fetched (${reason}).`;
    const remedy = 'Check the connection and try again.';
    return new ModelFolderError('unreadable_file', this.fileName, problem, remedy, { cause });
  }
}

async function bytesOf(blob: Blob | undefined | Promise<Blob | undefined>): Promise<Uint8Array | undefined> {
  const found = await blob;
  return found && new Uint8Array(await found.arrayBuffer());
}
