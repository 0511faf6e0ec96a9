// Builds the headless program: src/cli/main.ts and all it imports, bundled into dist-cli/main.js. Only `webgpu`, a native
// module, stays outside. `buildCliIfStale` does nothing when no source is newer.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
export const CLI_PATH = join(root, 'dist-cli', 'main.js');
const SOURCES = ['src', 'shaders', 'package.json', 'vite.config.ts'];

/**
 * Newest modification time at or below a path, in ms; tests and the page do not count.
 * @param {string} path
 * @returns {number}
 */
function newestChangeMs(path) {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || /\.test\.tsx?$|[\\/]src[\\/](ui|state)$/.test(path)) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestChangeMs(join(path, name))), stats.mtimeMs);
}

/** Builds beside the old program and swaps it in, so that another run never reads half a file. */
export async function buildCli() {
  const startedMs = Date.now();
  const outDir = join(root, 'node_modules', '.cache', `cli-${process.pid}`);
  await build({ root, logLevel: 'warn', build: { ssr: 'src/cli/main.ts', outDir, emptyOutDir: true } });
  mkdirSync(join(root, 'dist-cli'), { recursive: true });
  // Says the module type where the folder is copied away from the project's own package.json.
  writeFileSync(join(root, 'dist-cli', 'package.json'), '{ "type": "module" }\n');
  // A source changed during the build must count as newer than its result.
  utimesSync(join(outDir, 'main.js'), startedMs / 1000, startedMs / 1000);
  renameSync(join(outDir, 'main.js'), CLI_PATH);
  rmSync(outDir, { recursive: true });
  process.stderr.write(`built dist-cli/main.js in ${Date.now() - startedMs} ms\n`);
}

export async function buildCliIfStale() {
  const builtMs = existsSync(CLI_PATH) ? statSync(CLI_PATH).mtimeMs : 0;
  if (SOURCES.some((source) => newestChangeMs(join(root, source)) > builtMs)) await buildCli();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildCli();
