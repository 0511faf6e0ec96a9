// A model folder in a zip, out and in.
import { zipSync } from 'fflate';
import { fileNameOf, folderOf } from '../../lib/paths';
import { openZip, type Zip, ZipError } from '../../lib/zip';
import { MAX_FOLDER_BYTES } from './fileLimits';
import { type FileSource, wholeFilesSource } from './fileSource';
import { ModelFolderError } from './folderError';
import { checkSize } from './readJson';

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
  const unpackFile = async (fileName: string) => {
    const entry = files.get(fileName);
    if (entry === undefined) return undefined;
    // Before anything is unpacked.
    checkSize(fileName, entry.size, name);
    total += entry.size;
    if (total > MAX_FOLDER_BYTES) {
      const problem = `${name} unpacks to more than ${MAX_FOLDER_BYTES} bytes.`;
      throw new ModelFolderError('too_large', name, problem, 'Unpack it yourself and choose the folder.');
    }
    return unpack(entry).catch((error: unknown) => refuseZip(fileName, error));
  };
  const source = wholeFilesSource(name, unpackFile);
  return { ...source, size: async (fileName) => files.get(fileName)?.size };
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
  const fault = error.fault === 'damaged' ? 'bad_archive' : 'too_large';
  throw new ModelFolderError(fault, subject, error.userMessage, error.remedy, { cause: error });
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
