// Files and folders that a person names: what cannot be read or written is said before any work is done.
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Arguments, UsageError } from './command';

/** What the system says, e.g. `EACCES: permission denied, open 'x'`. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** False where there is nothing, or where a part of the path is a file. */
export function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** Throws UsageError; `needed` says what to give instead. */
export function readTextFile(path: string, needed: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`${path} cannot be read (${reasonOf(cause)}).`, needed, { cause });
  }
}

/** Throws UsageError unless the path is a folder, or could be made one, in which files can be made. Makes nothing. */
export function checkOutputFolder(path: string): void {
  if (isFolder(path)) assertWritable(path);
  else if (existsSync(path)) throw new UsageError(`${path} is a file, not a folder.`, 'Choose another place.');
  else checkOutputFolder(dirname(resolve(path)));
}

function assertWritable(folder: string): void {
  try {
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw new UsageError(`${folder} cannot be written to (${reasonOf(cause)}).`, 'Choose another place.', { cause });
  }
}

/**
 * Makes a folder and those above it that are missing. Node's own `recursive` never returns where a system answers that a folder
 * which is there is not, as Linux's /proc does. @returns the topmost that it made
 */
export function makeFolder(path: string): string | undefined {
  const folder = resolve(path);
  if (isFolder(folder)) return undefined;
  const above = dirname(folder);
  const top = above === folder ? undefined : makeFolder(above);
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process was quicker.
    if (!isFolder(folder)) throw error;
    return top;
  }
  return top ?? folder;
}

/** Runs `write`; what the system refuses is a UsageError that names the file. */
export function writeGiven(path: string, write: () => void): void {
  try {
    write();
  } catch (cause) {
    throw new UsageError(`${path} cannot be written (${reasonOf(cause)}).`, 'Choose another place.', { cause });
  }
}

/** The folder that --out names; without it, one below `runs` that is not there yet: `NAME`, `NAME-2` and so on. */
export function outputFolder(args: Arguments, name: string, runs = 'runs'): string {
  if (args.isGiven('out')) return args.required('out');
  for (let number = 1; ; number++) {
    const path = join(runs, number === 1 ? name : `${name}-${number}`);
    if (!existsSync(path)) return path;
  }
}
