// What a browser fetches for the first paint, in few files and at once: the entry, which starts the engine's worker, and one file
// of all that src/main.tsx imports. The page names them in its head, so that none waits for another.
import { join } from 'node:path';
import { root } from './stale.mjs';

/** @typedef {import('vite').Rolldown.ChunkingContext} ChunkingContext */

const ENTRY = join(root, 'src/start.ts');
const PAGE = join(root, 'src/main.tsx');
/** The page reaches the engine through it as soon as it runs. */
const CLIENT = join(root, 'src/protocol/client.ts');
const ENGINE = join(root, 'src/worker/engine.worker.ts');
/** What the index of a package passes on, and only later screens use. */
const LATER = /react-i18next[\\/]dist[\\/]es[\\/](Icu)?Trans|html-parse-stringify/;

/**
 * A module and all that it imports, but for what comes later.
 * @param {string} id
 * @param {ChunkingContext} graph
 * @param {Set<string>} [found]
 */
function closure(id, graph, found = new Set()) {
  if (found.has(id) || LATER.test(id)) return found;
  found.add(id);
  for (const imported of graph.getModuleInfo(id)?.importedIds ?? []) closure(imported, graph, found);
  return found;
}

/** @type {Map<string, Set<string>>} */
const closures = new Map();

/**
 * Groups the modules that some import, with them.
 * @param {string} name
 * @param {string[]} entries
 * @param {number} priority
 */
const group = (name, entries, priority) => ({
  priority,
  debugName: name,
  name: (/** @type {string} */ id, /** @type {ChunkingContext} */ graph) => {
    // A worker is a build of its own, with modules of its own.
    if (!entries.some((entry) => graph.getModuleInfo(entry))) return null;
    const modules = closures.get(name) ?? new Set(entries.flatMap((entry) => [...closure(entry, graph)]));
    closures.set(name, modules);
    return modules.has(id) ? name : null;
  },
});

/** The engine's worker in one file, whatever else its later parts share with it. */
export const engineInOneFile = { codeSplitting: { groups: [group('engine', [ENGINE], 1)] } };

/** @returns {import('vite').Plugin} */
export function firstPaint() {
  return {
    name: 'first-paint',
    apply: (_, { command, isSsrBuild }) => command === 'build' && !isSsrBuild,
    config: () => ({
      build: {
        rolldownOptions: {
          output: { codeSplitting: { groups: [group('start', [ENTRY], 2), group('page', [PAGE, CLIENT], 1)] } },
        },
      },
    }),
    buildStart: () => closures.clear(),
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle = {} }) => {
        const page = Object.values(bundle).find((chunk) => chunk.type === 'chunk' && chunk.moduleIds.includes(PAGE));
        if (!page) throw new Error(`No page is among ${Object.keys(bundle).join(', ')}.`);
        const attrs = { rel: 'modulepreload', href: `./${page.fileName}`, crossorigin: true };
        return [{ tag: 'link', attrs, injectTo: 'head' }];
      },
    },
  };
}
