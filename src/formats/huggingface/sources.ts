// Where a folder's bytes come from in a browser: memory, a URL, a zip; and back into a zip. The Node directory is in
// nodeDirectory.ts, so that no page bundles it.
import { zipSync } from 'fflate';
import { fileNameOf, folderOf } from '../../lib/paths';
import { openZip, type Zip, ZipError } from '../../lib/zip';
import { MAX_FOLDER_BYTES } from './fileLimits';
import type { FileSource } from './folder';
import { ModelFolderError } from './folderError';
import { checkSize } from './readJson';

/** A folder in memory, e.g. files a person chose. */
export function mapSource(name: string, files: ReadonlyMap<string, Uint8Array>): FileSource {
  return { name, read: async (fileName) => files.get(fileName) };
}

/** Bytes received so far; `total` is 0 while the server has not said. */
export type DownloadProgress = (fileName: string, received: number, total: number) => void;

/** A folder under a URL, e.g. `models/base`. 404 means "no such file"; any other failure is a ModelFolderError. */
export function urlSource(baseUrl: string, onProgress: DownloadProgress = () => {}): FileSource {
  const folder = baseUrl.replace(/\/+$/, '');
  const read = async (fileName: string): Promise<Uint8Array | undefined> => {
    const url = `${folder}/${fileName}`;
    const unreachable = (reason: string, cause?: unknown) =>
      new ModelFolderError(
        'unreadable_file',
        fileName,
        `${url} could not be fetched (${reason}).`,
        'Check the connection and try again.',
        { cause },
      );
    try {
      const response = await fetch(url);
      if (response.status === 404) return undefined;
      if (!response.ok) throw unreachable(`status ${response.status}`);
      // Servers of single-page apps answer a missing file with their index page.
      if (response.headers.get('content-type')?.startsWith('text/html')) return undefined;
      return await readBody(response, (received, total) => onProgress(fileName, received, total));
    } catch (error) {
      throw error instanceof ModelFolderError
        ? error
        : unreachable(error instanceof Error ? error.message : String(error), error);
    }
  };
  return { name: folder, read };
}

async function readBody(
  response: Response,
  onProgress: (received: number, total: number) => void,
): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array(await response.arrayBuffer());
  const total = Number(response.headers.get('content-length') ?? 0);
  const chunks: Uint8Array[] = [];
  let received = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
    received += value.length;
    onProgress(received, total);
  }
  const bytes = new Uint8Array(received);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** Some files are read twice. */
const MAX_UNPACKED_BYTES = 2 * MAX_FOLDER_BYTES;

/**
 * A folder in a zip: the files beside its shallowest config.json, each unpacked when it is read. Throws ModelFolderError for no
 * readable zip, at once or when a file is read.
 */
export function unzipSource(name: string, zip: Uint8Array): FileSource {
  const { entries, unpack } = openFolderZip(name, zip);
  const files = new Map(folderOf([...entries.values()]).map((entry) => [fileNameOf(entry.path), entry]));
  if (files.size === 0) {
    const remedy = 'Choose a zip of a model folder, such as one this page saved.';
    throw new ModelFolderError('bad_archive', name, `${name}: there is no file in it.`, remedy);
  }
  let total = 0;
  const read = async (fileName: string) => {
    const entry = files.get(fileName);
    if (entry === undefined) return undefined;
    // Before anything is unpacked.
    checkSize(fileName, entry.size, name);
    total += entry.size;
    if (total > MAX_UNPACKED_BYTES) {
      const problem = `${name} unpacks to more than ${MAX_UNPACKED_BYTES} bytes.`;
      throw new ModelFolderError('too_large', name, problem, 'Unpack it yourself and choose the folder.');
    }
    return unpack(entry).catch((error: unknown) => refuseZip(fileName, error));
  };
  return { name, read };
}

function openFolderZip(name: string, zip: Uint8Array): Zip {
  try {
    return openZip(name, zip);
  } catch (error) {
    return refuseZip(name, error);
  }
}

function refuseZip(subject: string, error: unknown): never {
  if (!(error instanceof ZipError)) throw error;
  const code = error.code === 'damaged' ? 'bad_archive' : 'too_large';
  throw new ModelFolderError(code, subject, error.userMessage, error.remedy, { cause: error });
}

/** The files as a zip, in one folder if `folderName` is given. Equal files, equal bytes. */
export function zipFolder(files: ReadonlyMap<string, Uint8Array>, folderName = ''): Uint8Array {
  const top = folderName === '' ? '' : `${folderName}/`;
  // Weights look random: compressing them costs time and saves nothing.
  const entries = [...files].map(
    ([name, bytes]) => [top + name, [bytes, { level: name.endsWith('.safetensors') ? 0 : 6 }]] as const,
  );
  // Any fixed date would do; the zip format begins in 1980.
  return zipSync(Object.fromEntries(entries) as Parameters<typeof zipSync>[0], { mtime: '1980-01-02T00:00:00' });
}
