// Tells whether something built is older than its sources.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Newest modification time at or below a path, in ms; 0 if there is nothing. Tests do not count.
 * @param {string} path
 * @returns {number}
 */
function newestChangeMs(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || /\.test\.tsx?$/.test(path)) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestChangeMs(join(path, name))), stats.mtimeMs);
}

/**
 * True when the file is missing or older than any of its sources (files or folders, relative to the project's root).
 * @param {string} builtFile
 * @param {string[]} sources
 */
export function isStale(builtFile, sources) {
  const builtMs = statSync(builtFile, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return sources.some((source) => newestChangeMs(join(root, source)) > builtMs);
}
