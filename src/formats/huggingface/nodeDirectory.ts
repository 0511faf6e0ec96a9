// A folder on disk, for the command line. Node only: nothing the page imports may import this.
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { FileSource } from './folder';
import { ModelFolderError } from './folderError';

/** A directory as a source. A file that is not there reads as undefined; one that cannot be read is an error. */
export function directorySource(directory: string): FileSource {
  const read = async (fileName: string): Promise<Uint8Array | undefined> => {
    const path = join(directory, basename(fileName));
    try {
      const bytes = await readFile(path);
      return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
    }
  };
  return { name: directory, read };
}

/**
 * Writes the files, each first beside its place and then moved there, so that a file is never seen half written. Throws
 * ModelFolderError naming the file that cannot be written.
 */
export async function writeDirectory(directory: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [name, bytes] of files) {
    const path = join(directory, basename(name));
    const partial = `${path}.partial`;
    try {
      await mkdir(directory, { recursive: true });
      await writeFile(partial, bytes);
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
