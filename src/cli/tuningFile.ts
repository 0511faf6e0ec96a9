// What was measured on this machine's devices: one file of the user's cache, which may be deleted at any time.
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TuningStore } from '../engine/tuning';

/** `$XDG_CACHE_HOME` or `~/.cache`, then `soliloquy/tuning.json`. */
export function tuningPath(environment: NodeJS.ProcessEnv = process.env): string {
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'soliloquy', 'tuning.json');
}

export function tuningFile(path: string): TuningStore {
  /** The tables by device; none where the file is missing or damaged. */
  const read = async (): Promise<Record<string, unknown>> => {
    try {
      const parsed: unknown = JSON.parse(await readFile(path, 'utf8'));
      return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : {};
    } catch {
      return {};
    }
  };
  return {
    load: async (device) => (await read())[device],
    save: async (device, table) => {
      const text = `${JSON.stringify({ ...(await read()), [device]: table }, null, 2)}\n`;
      await mkdir(dirname(path), { recursive: true });
      // Another process may read it at any moment.
      const unfinished = `${path}.${process.pid}`;
      await writeFile(unfinished, text);
      await rename(unfinished, path);
    },
  };
}
