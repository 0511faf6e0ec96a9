// An engine in Python: what `bench` says is passed on to a script of reference/python, and its answers back, a line of JSON each.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SCRIPTS = new URL('../../reference/python/', import.meta.url);

/** JSON with typed arrays in base64 and maps as objects. */
function encode(message) {
  return JSON.stringify(message, (_, value) => {
    if (value instanceof Map) return Object.fromEntries(value);
    if (!ArrayBuffer.isView(value)) return value;
    const dtype = value.constructor.name.replace('Array', '').toLowerCase();
    return { dtype, base64: Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64') };
  });
}

/**
 * Lets a Python script answer the messages of `bench`. Its errors go to standard error, and this process ends with it.
 * @param {string} script its name
 * @param {Record<string, string>} [environment]
 */
export function servePython(script, environment) {
  const threads = process.argv[3];
  const child = spawn(process.env.PYTHON ?? 'python3', [fileURLToPath(new URL(script, SCRIPTS)), threads], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: threads, ...environment },
  });
  child.on('error', (error) => {
    process.stderr.write(`Error: ${error.message}\n`);
    process.exit(1);
  });
  // The end of the script tells more than a message that it did not read.
  child.stdin.on('error', () => {});
  child.on('exit', (code) => process.exit(code ?? 1));
  createInterface({ input: child.stdout }).on('line', (line) => process.send(JSON.parse(line)));
  process.on('message', (message) => child.stdin.write(`${encode(message)}\n`));
  process.on('disconnect', () => child.kill());
}
