// From what a person chose or dropped (a folder, loose files, a zip) to the files of one model folder.
import type { ModelSource } from '../../worker/protocol';

/** Larger than any model a browser tab could train; keeps a wrong choice from filling the memory. */
export const MAX_TOTAL_BYTES = 2 ** 30;

/** Why files are not read: a zip whose bytes are not those of a zip, or were changed; more than fits; no file among them. */
type ReadFault = 'damagedZip' | 'tooLarge' | 'empty' | 'unreadable';

export type ReadFiles =
  | { readonly ok: true; readonly source: FilesSource }
  | { readonly ok: false; readonly reason: ReadFault };

type FilesSource = Extract<ModelSource, { kind: 'files' }>;
type NamedFile = FilesSource['files'][number];

const baseName = (path: string) => path.split('/').pop() ?? path;
const depthOf = (path: string) => path.split('/').length;

/** The files that lie beside the shallowest config.json (else beside the shallowest file), without their folders. */
export function folderOf<T extends { readonly path: string }>(entries: readonly T[]): T[] {
  const visible = entries.filter(
    ({ path }) => !path.endsWith('/') && !baseName(path).startsWith('.') && !path.startsWith('__MACOSX'),
  );
  const configs = visible.filter(({ path }) => baseName(path) === 'config.json');
  const candidates = configs.length > 0 ? configs : visible;
  const shallowest = candidates.reduce<T | undefined>(
    (best, entry) => (best === undefined || depthOf(entry.path) < depthOf(best.path) ? entry : best),
    undefined,
  );
  if (shallowest === undefined) return [];
  const folder = shallowest.path.slice(0, shallowest.path.length - baseName(shallowest.path).length);
  return visible.filter(({ path }) => path.startsWith(folder) && !path.slice(folder.length).includes('/'));
}

/** The files of a zip's model folder, or what is wrong with it. */
async function unzip(file: File): Promise<NamedFile[] | ReadFault> {
  const { unzip: inflate } = await import('fflate');
  const bytes = new Uint8Array(await file.arrayBuffer());
  let total = 0;
  const entries = await new Promise<Record<string, Uint8Array> | undefined>((resolve) => {
    const filter = ({ originalSize }: { originalSize: number }) => {
      total += originalSize;
      return total <= MAX_TOTAL_BYTES;
    };
    inflate(bytes, { filter }, (error, files) => resolve(error ? undefined : files));
  });
  if (total > MAX_TOTAL_BYTES) return 'tooLarge';
  if (entries === undefined) return 'damagedZip';
  const listed = Object.entries(entries).map(([path, content]) => ({ path, content }));
  return folderOf(listed).map(({ path, content }) => ({ name: baseName(path), bytes: content }));
}

/** Reads the chosen files, or says why not. Never rejects. */
export async function readModelFiles(files: readonly File[]): Promise<ReadFiles> {
  const fail = (reason: ReadFault): ReadFiles => ({ ok: false, reason });
  const found = (name: string, named: NamedFile[]): ReadFiles =>
    named.length > 0 ? { ok: true, source: { kind: 'files', name, files: named } } : fail('empty');
  const total = files.reduce((sum, { size }) => sum + size, 0);
  const first = files[0];
  if (first === undefined) return fail('empty');
  if (total > MAX_TOTAL_BYTES) return fail('tooLarge');
  try {
    if (files.length === 1 && /\.zip$/i.test(first.name)) {
      const named = await unzip(first);
      return typeof named === 'string' ? fail(named) : found(first.name.replace(/\.zip$/i, ''), named);
    }
    const entries = folderOf(files.map((file) => ({ path: file.webkitRelativePath || file.name, file })));
    const named = await Promise.all(
      entries.map(async ({ path, file }) => ({
        name: baseName(path),
        bytes: new Uint8Array(await file.arrayBuffer()),
      })),
    );
    const folder = entries[0]?.path.split('/').slice(-2, -1)[0];
    return found(folder ?? first.name, named);
  } catch {
    return fail('unreadable');
  }
}

/** The files of a drop, those inside dropped folders included (one level: a model folder is flat). */
export async function filesOfDrop(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const files = await Promise.all(entries.map(filesOfEntry));
  return files.flat();
}

async function filesOfEntry(entry: FileSystemEntry): Promise<File[]> {
  if (entry instanceof FileSystemFileEntry) {
    return [await new Promise<File>((resolve, reject) => entry.file(resolve, reject))];
  }
  if (!(entry instanceof FileSystemDirectoryEntry)) return [];
  const reader = entry.createReader();
  const children: FileSystemEntry[] = [];
  // A reader hands out its entries in parts, until an empty one.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (part.length === 0) break;
    children.push(...part);
  }
  const files = await Promise.all(children.filter(({ isFile }) => isFile).map(filesOfEntry));
  return files.flat();
}
