// The files of a job as a zip of one folder, made piece by piece: weights are read when their turn comes.
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import type { StreamedFiles } from '../formats/huggingface/writeFolder';

/** Weights look random, and Parquet is compressed by itself. */
const PACKED = /\.(safetensors|parquet)$/;
/** Any fixed date would do: equal jobs are equal bytes. */
const DATE = '1980-01-02T00:00:00';

/** A name that is one folder wherever it is unpacked, whatever a run is called. */
export const folderNameOf = (name: string): string =>
  name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '') || 'job';

/** @param folder as `folderNameOf` gives it. */
export async function zipJob(files: StreamedFiles, folder: string): Promise<Blob> {
  const parts: Blob[] = [];
  let failure: unknown;
  const zip = new Zip((error, chunk) => {
    failure ??= error;
    // A browser keeps large blobs on disk; the bytes themselves are let go.
    if (chunk) parts.push(new Blob([chunk as Uint8Array<ArrayBuffer>]));
  });
  for (const [path, file] of files) {
    const name = `${folder}/${path}`;
    const entry = PACKED.test(path) ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 6 });
    entry.mtime = DATE;
    zip.add(entry);
    if (file instanceof Uint8Array) entry.push(file.slice(), true);
    else {
      for await (const part of file.parts()) entry.push(part.slice());
      entry.push(new Uint8Array(0), true);
    }
  }
  zip.end();
  if (failure) throw failure;
  return new Blob(parts, { type: 'application/zip' });
}
