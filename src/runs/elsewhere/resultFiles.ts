// Which of the files that a person chose are results, and which belong to one run. A path is only read: nothing is stored by it.
import { fileNameOf } from '../../lib/paths';
import { openZip } from '../../lib/zip';
import { ResultsError } from './resultsError';

export interface ResultFile {
  /** With slashes, below what was chosen. */
  readonly path: string;
  readonly size: number;
  open(): Promise<Blob>;
}

export type ResultKind = 'state' | 'lines' | 'parquet' | 'console' | 'settings';

const MAX_ZIP_BYTES = 2 ** 29;
const MAX_FILES = 20_000;

/** JSON of a folder that may be metrics; the others are a model's. */
const METRICS_JSON = /metric|history|log/i;

/** What a file may be by its name. @param isAlone chosen by itself: then it is meant, whatever it is called */
export function kindOfFile(path: string, isAlone: boolean): ResultKind | undefined {
  const name = fileNameOf(path).toLowerCase();
  if (!isAlone && (name.startsWith('.') || path.startsWith('__MACOSX'))) return undefined;
  if (name === 'trainer_state.json') return 'state';
  if (/\.(jsonl|ndjson)$/.test(name)) return 'lines';
  if (name.endsWith('.parquet')) return isAlone || /^completions?_?\d*\.parquet$/.test(name) ? 'parquet' : undefined;
  if (/\.ya?ml$/.test(name)) return 'settings';
  if (name.endsWith('.json')) return isAlone || METRICS_JSON.test(name) ? 'lines' : undefined;
  if (/\.(log|out)$/.test(name) || (isAlone && name.endsWith('.txt'))) return 'console';
  return undefined;
}

/** Folders inside the one that a run writes to. */
const INNER = /^(checkpoint-\d+|completions|rollouts?|rollout_data|validation_data|logs?)$/;

/** The folder of the run that a file is of. */
export function rootOf(path: string): string {
  const folders = path.split('/').slice(0, -1);
  // veRL puts a file a step into a folder of any name.
  if (/^\d+\.jsonl$/.test(fileNameOf(path))) folders.pop();
  while (INNER.test(folders.at(-1) ?? '')) folders.pop();
  return folders.join('/');
}

/** The step in a name: completions_00012.parquet, 12.jsonl, checkpoint-12/…; undefined without one. */
export function stepInPath(path: string): number | undefined {
  const name = fileNameOf(path);
  const found =
    /^(?:completions?_)?(\d{1,12})\.(?:parquet|jsonl)$/.exec(name) ?? /checkpoint-(\d{1,12})\/[^/]+$/.exec(path);
  return found ? Number(found[1]) : undefined;
}

/** The files, those in zips among them. Throws ResultsError or ZipError. */
export async function unpacked(files: readonly ResultFile[]): Promise<readonly ResultFile[]> {
  const all = (await Promise.all(files.map((file) => (/\.zip$/i.test(file.path) ? filesOfZip(file) : [file])))).flat();
  if (all.length > MAX_FILES)
    throw new ResultsError(
      all[0]?.path ?? '',
      `${all.length} files; at most ${MAX_FILES} are looked at`,
      'Choose fewer.',
    );
  return all;
}

async function filesOfZip(file: ResultFile): Promise<readonly ResultFile[]> {
  if (file.size > MAX_ZIP_BYTES) {
    const found = `it holds ${file.size} bytes; at most ${MAX_ZIP_BYTES} are read`;
    throw new ResultsError(file.path, found, 'Unpack it and choose the folder, or leave the weights out.');
  }
  const { entries, unpack } = openZip(file.path, new Uint8Array(await (await file.open()).arrayBuffer()));
  const top = fileNameOf(file.path).replace(/\.zip$/i, '');
  return [...entries.values()].map((entry) => ({
    path: `${top}/${entry.path}`,
    size: entry.size,
    open: async () => new Blob([(await unpack(entry)) as Uint8Array<ArrayBuffer>]),
  }));
}
