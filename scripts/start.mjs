// `npm start`: builds the page if a source changed, serves it from this machine alone, says where, and opens the browser.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, preview } from 'vite';
import {
  isFree,
  movedNotice,
  originOf,
  readStartOptions,
  ServingError,
  START_HELP,
  USUAL_PORT,
  whoAnswers,
} from './serving.mjs';
import { isStale, root } from './stale.mjs';

const SOURCES = [
  'src',
  'shaders',
  'wasm',
  'public',
  'index.html',
  'package.json',
  'vite.config.ts',
  'scripts/policy.mjs',
];
const INDEX = join(root, 'dist', 'index.html');

/** @param {{ port: number | undefined, isOpening: boolean }} options */
async function start({ port: asked, isOpening }) {
  if (isStale(INDEX, SOURCES)) {
    process.stdout.write('Building the page …\n');
    await build({ root, logLevel: 'warn' });
  }
  const wanted = asked ?? USUAL_PORT;
  const isTaken = !(await isFree(wanted));
  if (isTaken && (await whoAnswers(wanted, readFileSync(INDEX, 'utf8'))) === 'this build') {
    process.stdout.write(`\nSoliloquy is served already, with the runs stored there, at ${originOf(wanted)}\n`);
    return;
  }
  if (isTaken && asked !== undefined)
    throw new ServingError(`Port ${asked} is taken. End what holds it, or give another one, with --port or PORT.`);
  const open = isOpening && process.stdout.isTTY === true;
  const server = await preview({ root, preview: { port: isTaken ? wanted + 1 : wanted, strictPort: !isTaken, open } });
  const address = server.httpServer.address();
  const port = address !== null && typeof address === 'object' ? address.port : wanted;
  if (isTaken) process.stdout.write(`\n${movedNotice(wanted, port)}`);
  process.stdout.write(`\nSoliloquy is at ${originOf(port)}\nOpen it in a browser. Ctrl-C ends it.\n`);
}

try {
  const options = readStartOptions(process.argv.slice(2), process.env);
  if (options.isHelp) process.stdout.write(START_HELP);
  else await start(options);
} catch (error) {
  if (!(error instanceof ServingError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
