// A text or JSON file of a folder, within its limits; undefined when the folder has none.
import { JsonError, parseJson } from '../../lib/json';
import { jsonLimitsOf, maxBytesOf } from './fileLimits';
import type { FileSource } from './fileSource';
import { ModelFolderError } from './folderError';

const DAMAGED = 'The file is damaged: fetch or export the folder again.';

/** Throws ModelFolderError when the file is there but is too large or not UTF-8 JSON, or has a key twice. */
export async function readJson(source: FileSource, fileName: string): Promise<unknown> {
  const bytes = await readBytes(source, fileName);
  return bytes === undefined ? undefined : parseJsonBytes(bytes, fileName, source.name);
}

/** Throws ModelFolderError when the file is there but is too large or not UTF-8. */
export async function readText(source: FileSource, fileName: string): Promise<string | undefined> {
  const bytes = await readBytes(source, fileName);
  return bytes === undefined ? undefined : decodeText(bytes, fileName, source.name);
}

/** Throws ModelFolderError when the file is there but is larger than files of its name may be. */
export async function readBytes(source: FileSource, fileName: string): Promise<Uint8Array | undefined> {
  const bytes = await source.read(fileName);
  if (bytes !== undefined) checkSize(fileName, bytes.length, source.name);
  return bytes;
}

/** Throws ModelFolderError when a file of this name may not have so many bytes. */
export function checkSize(fileName: string, size: number, folderName: string): void {
  const most = maxBytesOf(fileName);
  if (size <= most) return;
  const problem = `${folderName}: ${fileName} has ${size} bytes, at most ${most} are read.`;
  throw new ModelFolderError('too_large', fileName, problem, 'Shorten the file, or choose another folder.');
}

/** The JSON in a file's bytes. Throws ModelFolderError. @param folderName said in messages */
export function parseJsonBytes(bytes: Uint8Array, fileName: string, folderName?: string): unknown {
  const text = decodeText(bytes, fileName, folderName);
  try {
    return parseJson(text, jsonLimitsOf(fileName));
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw notReadable(fileName, `JSON: ${cause.problem} at ${cause.placeIn(text)}`, folderName, cause);
  }
}

/** The text in a file's bytes. Throws ModelFolderError. @param folderName said in messages */
export function decodeText(bytes: Uint8Array, fileName: string, folderName?: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw notReadable(fileName, 'UTF-8 text', folderName, cause);
  }
}

function notReadable(fileName: string, kind: string, folderName: string | undefined, cause: unknown): ModelFolderError {
  const folder = folderName === undefined ? '' : `${folderName}: `;
  return new ModelFolderError('bad_json', fileName, `${folder}${fileName} is not ${kind}.`, DAMAGED, { cause });
}
