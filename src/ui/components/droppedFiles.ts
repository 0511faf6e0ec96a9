// Files that were chosen or dropped, with their paths below what was chosen.
import type { ChosenFile } from '../../protocol/protocol';

/** Folders in one another, and files, beyond which a dropped folder is not looked into. */
const MAX_DEPTH = 8;
const MAX_FILES = 20_001;

/** The files of an input element. */
export const chosenFiles = (input: HTMLInputElement): ChosenFile[] =>
  [...(input.files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, content: file }));

/** The files of a drop, those inside dropped folders included. */
export async function droppedFiles(transfer: DataTransfer): Promise<ChosenFile[]> {
  const found: ChosenFile[] = [];
  // Before anything is awaited: a drop's items are gone then.
  const items = [...transfer.items].map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  for (const { entry, file } of items) {
    if (entry) await collect(entry, '', MAX_DEPTH, found);
    else if (file) found.push({ path: file.name, content: file });
  }
  return found;
}

async function collect(entry: FileSystemEntry, folder: string, depth: number, found: ChosenFile[]): Promise<void> {
  const path = folder + entry.name;
  if (found.length >= MAX_FILES) return;
  if (entry instanceof FileSystemFileEntry) {
    found.push({ path, content: await new Promise<File>((resolve, reject) => entry.file(resolve, reject)) });
  } else if (entry instanceof FileSystemDirectoryEntry && depth > 0) {
    const reader = entry.createReader();
    // A reader hands out its entries in parts, until an empty one.
    for (;;) {
      const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (part.length === 0) break;
      for (const child of part) await collect(child, `${path}/`, depth - 1, found);
    }
  }
}
