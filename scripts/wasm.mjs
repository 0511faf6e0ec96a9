// Builds the operations of the device on the processor: wasm/ into dist-wasm/, the same sources once for each set of
// instructions.
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { main as compile } from 'assemblyscript/asc';
import { isStale, root } from './stale.mjs';
import { inJavaScript } from './wasmInJavaScript.mjs';

const OUT = join(root, 'dist-wasm');

/** Instructions that a form needs beyond those of every engine: options of the compiler. */
const FORMS = {
  simd: ['--enable', 'simd'],
  relaxed: ['--enable', 'simd', '--enable', 'relaxed-simd'],
  scalar: [],
  // What JavaScript has no like of.
  javascript: ['bulk-memory', 'sign-extension', 'nontrapping-f2i'].flatMap((feature) => ['--disable', feature]),
};
const ALONE = 'wasm/alone.ts';
const ONE_NUMBER = { 'wasm/lib/vector.ts': 'wasm/lib/scalar.ts' };
/** Where a form has another source for a file. */
const INSTEAD = { scalar: ONE_NUMBER, javascript: { ...ONE_NUMBER, 'wasm/team.ts': ALONE } };

/** Below it lies nothing, so that an address plus a small number never wraps, which the compiler makes use of. */
const FIRST_BYTE = 1024;
/** 4 GiB, in pages of 64 KiB. */
const MAX_PAGES = 65536;

const LIBRARY = 'wasm/lib/';

/** @returns {string[]} relative to the root */
function sources() {
  return readdirSync(join(root, 'wasm'), { recursive: true, encoding: 'utf8' })
    .map((path) => `wasm/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.ts'))
    .sort();
}

/** @returns {string[]} files of operations */
const entries = () => sources().filter((path) => !path.startsWith(LIBRARY) && path !== ALONE);

/**
 * The fields of the classes that a file lays over memory.
 * @param {string} path
 * @returns {Map<string, (readonly [name: string, type: string])[]>}
 */
function classesOf(path) {
  const source = readFileSync(join(root, path), 'utf8');
  const classes = source.matchAll(/@unmanaged\s+(?:export )?class (\w+) \{([^}]*)\}/g);
  return new Map(
    [...classes].map(([, name = '', body = '']) => [
      name,
      [...body.matchAll(/^\s*(\w+): (\w+);/gm)].map(([, field = '', type = '']) => [field, type]),
    ]),
  );
}

/**
 * The fields of each operation's arguments in order, as its source declares them. Every field has four bytes.
 * @param {string[]} paths
 */
function interfaces(paths) {
  /** @type {Record<string, [name: string, type: string][]>} */
  const operations = {};
  const shared = new Map(sources().flatMap((path) => (path.startsWith(LIBRARY) ? [...classesOf(path)] : [])));
  for (const path of paths) {
    const source = readFileSync(join(root, path), 'utf8');
    const own = classesOf(path);
    for (const [, operation = '', name = ''] of source.matchAll(/^export function (\w+)_units\(args: (\w+)\)/gm)) {
      const fields = own.get(name) ?? shared.get(name);
      if (!fields) throw new Error(`${path}: no @unmanaged class ${name}, which ${operation} takes`);
      operations[operation] = fields.map(([field, type]) => [field, type]);
    }
  }
  return operations;
}

/** @param {number} n @returns {number[]} LEB128 */
const varint = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >>> 7)]);

/**
 * A custom section of a module.
 * @param {string} name
 * @param {string} text
 */
function section(name, text) {
  const [label, content] = [Buffer.from(name), Buffer.from(text)];
  const length = varint(label.length);
  return Buffer.concat([
    Buffer.from([0, ...varint(length.length + label.length + content.length), ...length]),
    label,
    content,
  ]);
}

/** @param {keyof typeof FORMS} form */
const pathOf = (form) => join(OUT, form === 'javascript' ? 'javascript.js' : `${form}.wasm`);

/** @param {keyof typeof FORMS} form */
async function buildForm(form) {
  const paths = entries();
  /** @type {Uint8Array | undefined} */
  let module;
  const { error, stderr } = await compile(
    [
      ...paths,
      ...['-O3', '--noAssert', '--converge', '--runtime', 'stub', '--outFile', 'module.wasm'],
      ...['--importMemory', '--sharedMemory', '--maximumMemory', String(MAX_PAGES), '--memoryBase', String(FIRST_BYTE)],
      ...['--exportTable', '--enable', 'threads', ...FORMS[form]],
    ],
    {
      readFile: (path) => {
        const instead = Reflect.get(Reflect.get(INSTEAD, form) ?? {}, path) ?? path;
        try {
          return readFileSync(join(root, instead), 'utf8');
        } catch {
          return null;
        }
      },
      writeFile: (path, contents) => {
        if (path === 'module.wasm' && typeof contents !== 'string') module = contents;
      },
      listFiles: () => [],
    },
  );
  if (error || !module) throw new Error(`wasm/ does not compile:\n${stderr.toString()}`);
  mkdirSync(OUT, { recursive: true });
  const path = pathOf(form);
  const operations = JSON.stringify(interfaces(paths));
  writeFileSync(
    `${path}.${process.pid}`,
    form === 'javascript'
      ? inJavaScript(module, operations)
      : Buffer.concat([module, section('operations', operations)]),
  );
  renameSync(`${path}.${process.pid}`, path);
}

/** Builds the modules, where a source is newer than they are. */
export async function buildWasmIfStale() {
  const forms = /** @type {(keyof typeof FORMS)[]} */ (Object.keys(FORMS));
  const stale = forms.filter((form) =>
    isStale(pathOf(form), ['wasm', 'scripts/wasm.mjs', 'scripts/wasmInJavaScript.mjs', 'package.json']),
  );
  for (const form of stale) await buildForm(form);
}

/** Has them built before anything that is made with vite or tested. @returns {import('vite').Plugin} */
export function wasmModules() {
  return { name: 'wasm-modules', config: buildWasmIfStale };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildWasmIfStale();
