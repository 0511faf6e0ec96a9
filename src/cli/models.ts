// Models on disk: finding one by folder or name, reading it, and writing it out with its card.
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FolderNotice, ModelFolder } from '../formats/huggingface/folder';
import { directorySource } from '../formats/huggingface/nodeDirectory';
import { readFolder } from '../formats/huggingface/readFolder';
import { UsageError } from './command';
import { note } from './console';
import { isFolder } from './files';

/** The folders in which models come with the project: seen from where the command was called, and from the program. */
function shippedFolders(): string[] {
  const program = dirname(fileURLToPath(import.meta.url));
  return [process.cwd(), join(program, '..')].map((root) => join(root, 'public', 'models'));
}

/** The folder that MODEL means: a path, or the name of a model that comes with the project. Throws UsageError. */
export function findModelFolder(model: string): string {
  const folder = [model, ...shippedFolders().map((shipped) => join(shipped, model))].find(isFolder);
  if (folder !== undefined && model !== '') return folder;
  const shipped = shippedFolders()
    .filter(isFolder)
    .flatMap((path) => readdirSync(path).filter((name) => isFolder(join(path, name))));
  const names = shipped.length > 0 ? ` The project comes with: ${[...new Set(shipped)].join(', ')}.` : '';
  throw new UsageError(
    `There is no model “${model}”: ${existsSync(model) ? 'that is not a folder' : 'no folder of that path'}, ` +
      'and none that comes with the project.',
    `Give the path of a folder with config.json and model.safetensors.${names}`,
  );
}

/** MODEL as read and checked, nothing of it on a device yet. */
export interface ModelOnDisk {
  readonly name: string;
  /** Of its folder. */
  readonly path: string;
  readonly folder: ModelFolder;
}

/** Throws UsageError where there is no such folder, or what reading a model folder throws. */
export async function readModel(model: string): Promise<ModelOnDisk> {
  const path = findModelFolder(model);
  const folder = await readFolder(directorySource(path));
  for (const notice of folder.notices ?? []) note(`${path}: ${noticeText(notice)}`);
  return { name: basename(resolve(path)), path: resolve(path), folder };
}

function noticeText({ kind, taken, left }: FolderNotice): string {
  return {
    weightsTwice: `there are ${taken} and ${left}: the weights are those of ${taken}; ${left} and its parts were left aside.`,
    templateTwice: `${taken} and ${left} hold different chat templates: that of ${taken} is taken.`,
  }[kind];
}
