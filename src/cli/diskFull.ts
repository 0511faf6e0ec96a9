// A full disk, said with the folder, what was to be written and how to go on.
import { existsSync, statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { StreamedFile } from '../formats/huggingface/weightFiles';
import { SoliloquyError } from '../lib/errors';
import { meansFull } from '../storage/errors';

/** There is no room for what a command writes. What was written before is still there. */
export class DiskFullError extends SoliloquyError {
  readonly code = 'storage_full';
}

/** What is written, and what to do once there is room again. */
interface Writing {
  readonly folder: string;
  /** E.g. `the checkpoint`. */
  readonly what: string;
  readonly sizeBytes: number;
  /** A sentence. */
  readonly goOn: string;
}

/** Runs `write`. Throws DiskFullError where it fails for want of space, else what it throws. */
export async function orDiskFull<T>({ folder, what, sizeBytes, goOn }: Writing, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    if (!meansFull(cause)) throw cause;
    const needed = `${what} needs ${megabytes(sizeBytes)}, and ${megabytes(freeBytes(folder))} are free`;
    throw new DiskFullError(
      `There is no space left for ${folder}: ${needed}.`,
      `What was saved before is safe. Free some space on that disk. ${goOn}`,
      { cause },
    );
  }
}

export const sizeOf = (files: Iterable<Uint8Array | StreamedFile>): number => {
  let sizeBytes = 0;
  for (const file of files) sizeBytes += file instanceof Uint8Array ? file.byteLength : file.size;
  return sizeBytes;
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;

/** Bytes that are free on the disk of a folder, which need not be there yet. */
function freeBytes(folder: string): number {
  const path = resolve(folder);
  if (!existsSync(path)) return freeBytes(dirname(path));
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}
