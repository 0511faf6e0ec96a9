// From what a person chose or dropped (a folder, loose files, a zip) to the files of one model folder. Files go to the engine
// unread: it reads ranges of them. The directory of a zip is checked here; the engine unpacks what it needs of it.
import { fileNameOf, folderOf } from '../../lib/paths';
import { openZip, ZipError } from '../../lib/zip';
import type { ModelSource } from '../../protocol/protocol';

/** A zip is held in memory whole; this keeps a wrong choice from filling that. */
export const MAX_ZIP_BYTES = 2 ** 30;

/** Why files are not read: a zip that is none or was changed; more than fits; no file among them; or the browser cannot. */
type ReadFault = 'damagedZip' | 'tooLarge' | 'empty' | 'unreadable';

export type ReadFiles =
  | { readonly ok: true; readonly source: FilesSource }
  | { readonly ok: false; readonly reason: ReadFault };

type FilesSource = Extract<ModelSource, { kind: 'files' }>;
type NamedFile = FilesSource['files'][number];

/** The chosen files as the engine takes them, or why not. Never rejects. */
export async function readModelFiles(files: readonly File[]): Promise<ReadFiles> {
  const fail = (reason: ReadFault): ReadFiles => ({ ok: false, reason });
  const found = (name: string, named: NamedFile[]): ReadFiles =>
    named.length > 0 ? { ok: true, source: { kind: 'files', name, files: named } } : fail('empty');
  const first = files[0];
  if (first === undefined) return fail('empty');
  try {
    if (files.length === 1 && /\.zip$/i.test(first.name)) {
      if (first.size > MAX_ZIP_BYTES) return fail('tooLarge');
      const bytes = new Uint8Array(await first.arrayBuffer());
      const { entries } = openZip(first.name, bytes);
      return entries.size === 0
        ? fail('empty')
        : found(first.name.replace(/\.zip$/i, ''), [{ name: first.name, content: bytes }]);
    }
    const entries = folderOf(files.map((file) => ({ path: file.webkitRelativePath || file.name, file })));
    // A file that cannot be read is told here, by a look at its beginning.
    await Promise.all(entries.map(({ file }) => file.slice(0, 1).arrayBuffer()));
    const named = entries.map(({ path, file }) => ({ name: fileNameOf(path), content: file }));
    const folder = entries[0]?.path.split('/').slice(-2, -1)[0];
    return found(folder ?? first.name, named);
  } catch (error) {
    if (error instanceof ZipError) return fail(error.fault === 'damaged' ? 'damagedZip' : 'tooLarge');
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
