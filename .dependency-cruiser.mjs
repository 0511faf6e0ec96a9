// The arrows between the layers of src/: a layer may import itself and what its row names. Types count as imports.

/** The engine's spine, lowest first: each may import every one before it. */
const SPINE = ['lib', 'device', 'kernels', 'graph', 'model', 'engine', 'trainer'];
/** @param {string} layer */
const below = (layer) => SPINE.slice(0, SPINE.indexOf(layer));
/** What can be known of a model without its graph. */
const MODEL_FACTS = [
  'model/architecture',
  'model/config',
  'model/description',
  'model/parameterShapes',
  'model/rope',
  'model/tokenIds',
];

/** @type {Record<string, string[]>} */
const MAY_IMPORT = {
  lib: [],
  // Code of strangers runs in a thread that reaches nothing of ours.
  sandbox: ['lib'],
  device: ['lib'],
  kernels: below('kernels'),
  graph: below('graph'),
  model: below('model'),
  engine: [...below('engine'), 'sandbox', 'tasks', 'tokenizer', 'formats'],
  trainer: [...below('trainer'), 'tasks', 'rewards', 'sandbox/sandbox', 'tokenizer', 'formats'],
  runs: [...SPINE, 'tasks', 'rewards', 'sandbox/sandbox', 'tokenizer', 'formats'],
  reference: ['lib', ...MODEL_FACTS],
  formats: ['lib', ...MODEL_FACTS, 'tokenizer'],
  tasks: ['lib', 'sandbox/sandbox'],
  rewards: ['lib', 'tasks', 'sandbox/sandbox'],
  tokenizer: ['lib', 'tasks'],
  // What storage keeps, and the interfaces it implements, are those of runs.
  storage: ['lib', 'runs'],
  worker: [...SPINE, 'runs', 'tasks', 'rewards', 'sandbox', 'tokenizer', 'formats', 'storage'],
  cli: [
    ...SPINE,
    'runs',
    'reference',
    'sandbox',
    'tasks',
    'rewards',
    'tokenizer',
    'formats',
    'storage',
    'worker/protocol',
    'worker/present',
    // The recorder plays the worker's part.
    'worker/asker',
    'worker/runner',
    'worker/lane',
    'worker/recording',
  ],
  // A run's options are plain data, checked by the same schema everywhere.
  state: [
    'lib',
    'rewards/custom',
    'sandbox',
    'tasks/completion',
    'worker/client',
    // A model that trains is named on the page as by the engine.
    'worker/lineage',
    'worker/protocol',
    'worker/recording',
    'trainer/grpoConfig',
    // A vote is counted on the page as in an evaluation.
    'trainer/votes',
  ],
  // The text functions of tasks/steps mark the steps of a thinking text; tasks/known tells what a typed question is.
  ui: [
    'lib',
    'state',
    'worker/client',
    'worker/protocol',
    'worker/recording',
    'trainer/grpoConfig',
    'tasks/steps',
    'tasks/known',
    // What a reward is called is said in its own file.
    'rewards/about',
    'rewards/custom',
  ],
};

const TEST = '\\.test\\.tsx?$';

/** @param {string} layer a folder, or `folder/file` without its extension */
const pattern = (layer) => `^src/${layer}${layer.includes('/') ? '(\\.|[A-Z])' : '/'}`;

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
        pathNot: ['\\.d\\.ts$', TEST, '\\.worker\\.[jt]s$', '^src/main\\.tsx$', '^src/cli/main\\.ts$'],
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
      comment: 'ui and state talk to the worker; types pass through worker/protocol.ts. Tests are no exception.',
      severity: 'error',
      from: { path: ['^src/ui/', '^src/state/', '^src/main\\.tsx$'] },
      to: { path: '^src/(device|kernels|graph|model)/' },
    },
    ...Object.entries(MAY_IMPORT).map(([layer, targets]) => ({
      name: `${layer}-imports-downwards`,
      comment: `${layer} may import ${targets.length === 0 ? 'nothing' : targets.join(', ')}.`,
      severity: /** @type {const} */ ('error'),
      from: { path: pattern(layer), pathNot: TEST },
      to: { path: '^src/', pathNot: [layer, ...targets].map(pattern) },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'] },
  },
};
