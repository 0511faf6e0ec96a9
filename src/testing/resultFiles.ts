// Files of other trainers for tests: TRL's as a small run wrote them, and made-up ones.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readResults } from '../runs/elsewhere/readResults';
import type { ResultFile } from '../runs/elsewhere/resultFiles';

const FIXTURES = join(import.meta.dirname, 'fixtures');

export function resultFile(path: string, content: string | Uint8Array): ResultFile {
  const blob = new Blob([content as Uint8Array<ArrayBuffer>]);
  return { path, size: blob.size, open: async () => blob };
}

/** The files below a folder of fixtures, as if that was chosen. */
export function fixtureFiles(folder: string): ResultFile[] {
  const top = join(FIXTURES, folder);
  return readdirSync(top, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => resultFile(path.slice(top.length + 1), readFileSync(path)));
}

/** A run of TRL: four steps, evaluated twice, with completions. */
export const trlFiles = (): ResultFile[] => fixtureFiles('elsewhere');

export const lines = (values: readonly unknown[]): string => values.map((one) => `${JSON.stringify(one)}\n`).join('');

/** What is read of one file, chosen by itself. */
export const readOne = (path: string, content: string | Uint8Array) => readResults([resultFile(path, content)]);
