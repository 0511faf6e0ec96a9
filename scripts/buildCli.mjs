// Builds the headless program: src/cli/main.ts and all it imports, bundled into dist-cli/main.js, and beside it the thread
// of its sandbox. Only `webgpu`, a native module, stays outside.
import { mkdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { isStale, root } from './stale.mjs';

export const CLI_PATH = join(root, 'dist-cli', 'main.js');

/** Builds beside the old program and swaps it in, so that another run never reads half a file. */
export async function buildCli() {
  const startedMs = Date.now();
  const outDir = join(root, 'node_modules', '.cache', `cli-${process.pid}`);
  for (const entry of ['src/cli/main.ts', 'src/sandbox/guest.worker.js', 'src/device/wasm/helper.worker.js']) {
    await build({ root, logLevel: 'warn', build: { ssr: entry, outDir, emptyOutDir: false } });
  }
  mkdirSync(join(root, 'dist-cli'), { recursive: true });
  // Says the module type where the folder is copied away from the project's own package.json.
  writeFileSync(join(root, 'dist-cli', 'package.json'), '{ "type": "module" }\n');
  // A source changed during the build must count as newer than its result.
  utimesSync(join(outDir, 'main.js'), startedMs / 1000, startedMs / 1000);
  for (const file of ['guest.worker.js', 'helper.worker.js', 'main.js'])
    renameSync(join(outDir, file), join(root, 'dist-cli', file));
  rmSync(outDir, { recursive: true });
  process.stderr.write(`built dist-cli/main.js in ${Date.now() - startedMs} ms\n`);
}

/** Builds only if a source is newer than the program. */
export async function buildCliIfStale() {
  if (isStale(CLI_PATH, ['src', 'shaders', 'wasm', 'package.json', 'vite.config.ts'])) await buildCli();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildCli();
