// A JSON file of a folder, or undefined when the folder has none.
import type { FileSource } from './folder';
import { ModelFolderError } from './folderError';

/** Throws ModelFolderError when the file is there but is not UTF-8 JSON. */
export async function readJson(source: FileSource, fileName: string): Promise<unknown> {
  const text = await readText(source, fileName);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw notReadable(source, fileName, 'JSON', cause);
  }
}

/** Throws ModelFolderError when the file is there but is not UTF-8. */
export async function readText(source: FileSource, fileName: string): Promise<string | undefined> {
  const bytes = await source.read(fileName);
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw notReadable(source, fileName, 'UTF-8 text', cause);
  }
}

function notReadable(source: FileSource, fileName: string, kind: string, cause: unknown): ModelFolderError {
  const problem = `${source.name}: ${fileName} is not ${kind}.`;
  return new ModelFolderError('bad_json', fileName, problem, 'The file is damaged: fetch or export the folder again.', {
    cause,
  });
}
