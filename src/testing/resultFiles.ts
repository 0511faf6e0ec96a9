// Files of other trainers for tests: TRL's as a small run wrote them, and made-up ones.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readResults } from '../runs/elsewhere/readResults';
import type { ResultFile } from '../runs/elsewhere/resultFiles';

const FOLDER = join(import.meta.dirname, 'fixtures', 'elsewhere');

export function resultFile(path: string, content: string | Uint8Array): ResultFile {
  const blob = new Blob([content as Uint8Array<ArrayBuffer>]);
  return { path, size: blob.size, open: async () => blob };
}

/** The run of TRL's fixtures: four steps, evaluated twice, with completions. */
export const trlFiles = (): ResultFile[] =>
  readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => resultFile(path.slice(FOLDER.length + 1), readFileSync(path)));

export const lines = (values: readonly unknown[]): string => values.map((one) => `${JSON.stringify(one)}\n`).join('');

/** What is read of one file, chosen by itself. */
export const readOne = (path: string, content: string | Uint8Array) => readResults([resultFile(path, content)]);
