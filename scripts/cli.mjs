// `npm run cli -- ARGS`: builds the headless program if a source changed and runs it with a WebGPU driver it can find.
// Signals and the exit code pass through.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { buildCliIfStale, CLI_PATH } from './buildCli.mjs';
import { webgpuEnvironment } from './findSwiftshader.mjs';

await buildCliIfStale();
const child = spawn(process.execPath, [CLI_PATH, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, ...webgpuEnvironment() },
});

/** @type {NodeJS.Signals[]} */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
for (const signal of signals) {
  process.on(signal, () => {
    // A terminal sends Ctrl-C to the child as well; a second one would mean "at once".
    if (!(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal);
  });
}
child.on('error', (error) => {
  process.stderr.write(`Cannot start ${process.execPath}: ${error.message}\n`);
  process.exit(1);
});
child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal === null ? 1 : constants.signals[signal])));
