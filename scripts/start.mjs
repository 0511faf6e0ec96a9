// `npm start`: builds the page if a source changed, serves it from this machine alone, says where, and opens the browser.
import { join } from 'node:path';
import { build, preview } from 'vite';
import { isStale, root } from './stale.mjs';

const SOURCES = ['src', 'shaders', 'public', 'index.html', 'package.json', 'vite.config.ts'];

if (isStale(join(root, 'dist', 'index.html'), SOURCES)) {
  process.stdout.write('Building the page …\n');
  await build({ root, logLevel: 'warn' });
}
const server = await preview({ root, preview: { open: process.stdout.isTTY === true } });
const [url] = server.resolvedUrls?.local ?? [];
process.stdout.write(`\nSoliloquy is at ${url}\nOpen it in Chrome or Edge. Ctrl-C ends it.\n`);
