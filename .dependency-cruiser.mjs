// The arrows between the layers of src/: a layer may import itself and what its row names. Types count as imports.

/** The engine's spine, lowest first: each may import every one before it. */
const SPINE = ['lib', 'device', 'kernels', 'graph', 'model', 'engine', 'trainer'];
/** @param {string} layer */
const below = (layer) => SPINE.slice(0, SPINE.indexOf(layer));
/** What the engine's upper layers are about, beside the spine. */
const SUBJECTS = ['tasks', 'rewards', 'sandbox', 'tokenizer', 'formats'];

/** @type {Record<string, string[]>} */
export const MAY_IMPORT = {
  lib: [],
  // Code of strangers runs in a thread that reaches nothing of ours.
  sandbox: ['lib'],
  tasks: ['lib', 'sandbox'],
  rewards: ['lib', 'tasks', 'sandbox'],
  tokenizer: ['lib', 'tasks'],
  device: ['lib'],
  kernels: below('kernels'),
  graph: below('graph'),
  model: below('model'),
  reference: ['lib', 'model'],
  formats: ['lib', 'model', 'tokenizer'],
  engine: [...below('engine'), 'sandbox', 'tasks', 'tokenizer', 'formats'],
  trainer: [...below('trainer'), ...SUBJECTS],
  runs: [...SPINE, ...SUBJECTS],
  export: [...SPINE, ...SUBJECTS, 'runs'],
  // What storage keeps, and the interfaces it implements, are those of runs.
  storage: ['lib', 'runs'],
  protocol: [...SPINE, ...SUBJECTS, 'runs', 'export'],
  worker: [...SPINE, ...SUBJECTS, 'runs', 'export', 'storage', 'protocol'],
  // It records what the worker tells the page.
  cli: [...SPINE, ...SUBJECTS, 'runs', 'export', 'storage', 'protocol', 'worker', 'reference'],
  state: ['lib', 'tasks', 'rewards', 'sandbox', 'protocol'],
  ui: ['lib', 'tasks', 'rewards', 'sandbox', 'protocol', 'state'],
};

const TEST = '\\.test\\.tsx?$';
/** The entry of a worker is started by its address; nothing is imported from it. */
const WORKER = '\\.worker\\.[jt]s$';

/** @param {string} layer a folder */
const pattern = (layer) => `^src/${layer}/`;

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that import each other are one file: take out what they share.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'Nothing imports this file and it imports nothing.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: ['\\.d\\.ts$', TEST, WORKER, '^src/start\\.ts$', '^src/cli/main\\.ts$'],
      },
      to: {},
    },
    {
      name: 'nothing-unresolved',
      comment: 'The imported file or package does not exist.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['\\?'] },
    },
    {
      name: 'no-test-code-in-the-product',
      comment: 'Only tests import tests and testing/.',
      severity: 'error',
      from: { pathNot: [TEST, '^src/testing/'] },
      to: { path: [TEST, '^src/testing/'] },
    },
    {
      name: 'shaders-only-from-kernels',
      comment: 'A shader is reached through the kernel that owns it.',
      severity: 'error',
      from: { pathNot: '^src/kernels/' },
      to: { path: '^shaders/' },
    },
    {
      name: 'page-never-touches-the-engine',
      comment: 'ui and state talk to the worker; types pass through protocol/. Tests are no exception.',
      severity: 'error',
      from: { path: ['^src/ui/', '^src/state/', '^src/(start|main)\\.tsx?$'] },
      to: { path: '^src/(device|kernels|graph|model)/' },
    },
    ...Object.entries(MAY_IMPORT).map(([layer, targets]) => ({
      name: `${layer}-imports-downwards`,
      comment: `${layer} may import ${targets.length === 0 ? 'nothing' : targets.join(', ')}.`,
      severity: /** @type {const} */ ('error'),
      from: { path: pattern(layer), pathNot: TEST },
      to: { path: '^src/', pathNot: [...[layer, ...targets].map(pattern), WORKER] },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'] },
  },
};
