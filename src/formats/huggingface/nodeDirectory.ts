// A folder on disk, for the command line. Node only: nothing the page imports may import this.
import { type FileHandle, mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ByteRange, FileSource } from './fileSource';
import { ModelFolderError } from './folderError';
import type { StreamedFile } from './weightFiles';

/** A directory as a source. A file that is not there reads as undefined; one that cannot be read is an error. */
export function directorySource(directory: string): FileSource {
  /** What `use` makes of the opened file; undefined when it is not there. */
  const withFile = async <T>(fileName: string, use: (file: FileHandle) => Promise<T>): Promise<T | undefined> => {
    const path = join(directory, basename(fileName));
    let file: FileHandle | undefined;
    try {
      file = await open(path);
      return await use(file);
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR'))
        return undefined;
      throw new ModelFolderError(
        'unreadable_file',
        fileName,
        `${path} cannot be read (${reasonOf(cause)}).`,
        'Check the path and its permissions.',
        { cause },
      );
    } finally {
      await file?.close();
    }
  };
  return {
    name: directory,
    size: (fileName) => withFile(fileName, async (file) => (await file.stat()).size),
    read: (fileName, range) =>
      withFile(fileName, async (file) => (range ? readRange(file, range) : new Uint8Array(await file.readFile()))),
  };
}

/** Throws where the file ends before the range does. */
async function readRange(file: FileHandle, { start, end }: ByteRange): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, start + filled);
    if (bytesRead === 0) throw new Error(`it ends at byte ${start + filled}, before byte ${end}`);
    filled += bytesRead;
  }
  return bytes;
}

/**
 * Writes the files, each first beside its place and then moved there, so that a file is never seen half written. Throws
 * ModelFolderError naming the file that cannot be written.
 */
export async function writeDirectory(
  directory: string,
  files: ReadonlyMap<string, Uint8Array | StreamedFile>,
): Promise<void> {
  for (const [name, content] of files) {
    const path = join(directory, basename(name));
    const partial = `${path}.partial`;
    try {
      await mkdir(directory, { recursive: true });
      await writeFile(partial, content instanceof Uint8Array ? content : content.parts());
      await rename(partial, path);
    } catch (cause) {
      await rm(partial, { force: true }).catch(() => {});
      const problem = `${path} cannot be written (${reasonOf(cause)}).`;
      const remedy = 'Choose another place, or make room and check the permissions.';
      throw new ModelFolderError('unwritable_file', name, problem, remedy, { cause });
    }
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
