// `npm run cli -- ARGS`: builds the headless program if a source changed and runs it, with a WebGPU driver it can find where a
// graphics device is asked for. Signals and the exit code pass through.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { buildCliIfStale, CLI_PATH } from './buildCli.mjs';
import { webgpuEnvironment } from './findSwiftshader.mjs';

await buildCliIfStale();
const args = process.argv.slice(2);
const given = args.flatMap((arg, i) =>
  arg === '--device' ? (args[i + 1] ?? []) : (/^--device=(.*)/.exec(arg)?.[1] ?? []),
);
const asksForGpu = given.includes('gpu') || (args[0] === 'bench' && given.length === 0);
const child = spawn(process.execPath, [CLI_PATH, ...args], {
  stdio: 'inherit',
  env: { ...process.env, ...(asksForGpu && webgpuEnvironment()) },
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
