// Draws what pipelines found: node scripts/plotPipelines.mjs RUNS OUT. RUNS holds a folder for each seed of each pipeline (the
// --out of `npm run cli -- pipeline NAME --seed S`, named NAME-S); OUT gets an SVG for each pipeline. Prints its table,
// mean ± sd.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { figure } from './svgFigure.mjs';

const [runs, out] = process.argv.slice(2);
if (runs === undefined || out === undefined) {
  console.error('usage: node scripts/plotPipelines.mjs RUNS OUT');
  process.exit(2);
}

/** Steps whose mean is one point of a curve. */
const WINDOW = 10;

/** @typedef {{ name: string, steps: number, tokens: number, seconds: number, evaluation?: Record<string, any> }} Done */

/** @param {number[]} values @returns {{ mean: number, sd: number }} the sample's standard deviation; 0 for one value */
function spread(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}

/** @param {string} folder @param {string} stage @returns {Record<string, number>[]} */
function metricsOf(folder, stage) {
  const path = join(folder, stage, 'metrics.jsonl');
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/**
 * The means of every WINDOW steps of a metric, over seeds.
 * @param {string[]} folders
 * @param {string} stage
 * @param {string} metric
 */
function curve(folders, stage, metric) {
  const lines = folders.map((folder) => metricsOf(folder, stage).map((step) => step[metric]));
  const length = Math.min(...lines.map((line) => line.length));
  const points = [];
  for (let end = WINDOW; end <= length; end += WINDOW) {
    const { mean, sd } = spread(lines.map((line) => spread(line.slice(end - WINDOW, end).map(Number)).mean));
    points.push({ x: end, y: mean, sd });
  }
  return points;
}

/** @param {string} name @param {string[]} folders @param {string} path of the SVG */
function draw(name, folders, path) {
  const records = folders.map((folder) => JSON.parse(readFileSync(join(folder, 'pipeline.json'), 'utf8')));
  const [first] = records;
  const models = first.done.filter((/** @type {Done} */ { evaluation }) => evaluation !== undefined);
  const find = (/** @type {any} */ record, /** @type {string} */ checkpoint) =>
    record.done.find((/** @type {Done} */ done) => done.name === checkpoint);
  const over = (/** @type {string} */ checkpoint, /** @type {(done: any) => number} */ read) =>
    spread(records.map((record) => read(find(record, checkpoint))));
  const columns = /** @type {const} */ ([
    ['accuracy', (/** @type {any} */ done) => done.evaluation.accuracy, 3],
    ['thinking tokens', (/** @type {any} */ done) => done.evaluation.mean_thinking_tokens, 1],
    ['English', (/** @type {any} */ done) => done.evaluation.language.en, 3],
    ['Chinese', (/** @type {any} */ done) => done.evaluation.language.zh, 3],
    ['tokens', (/** @type {any} */ done) => done.tokens, 0],
    ['seconds', (/** @type {any} */ done) => done.seconds, 0],
  ]);
  console.log(`\n${name}: ${records.length} seeds (${records.map(({ pipeline }) => pipeline.seed).join(', ')})\n`);
  console.log(`| checkpoint | ${columns.map(([title]) => title).join(' | ')} |`);
  console.log(`|---|${columns.map(() => '---').join('|')}|`);
  for (const { name: checkpoint } of models) {
    const cells = columns.map(([, read, digits]) => {
      const { mean, sd } = over(checkpoint, read);
      return `${mean.toFixed(digits)} ± ${sd.toFixed(digits)}`;
    });
    console.log(`| ${checkpoint} | ${cells.join(' | ')} |`);
  }
  const names = models.map((/** @type {Done} */ done) => done.name);
  const bars = (
    /** @type {string} */ title,
    /** @type {(done: any) => number} */ read,
    /** @type {number | undefined} */ top = undefined,
  ) => ({
    title,
    categories: names,
    top,
    series: [
      {
        points: names.map((/** @type {string} */ checkpoint, /** @type {number} */ x) => ({
          x,
          ...point(checkpoint, read),
        })),
      },
    ],
  });
  const point = (/** @type {string} */ checkpoint, /** @type {(done: any) => number} */ read) => {
    const { mean, sd } = over(checkpoint, read);
    return { y: mean, sd };
  };
  const trained = first.pipeline.stages.find((/** @type {any} */ { kind }) => kind === 'grpo').name;
  const panels =
    name === 'r1-zero' || name === 'rl-from-random'
      ? [
          {
            title: 'accuracy while it trains',
            x: 'step',
            top: 1,
            series: [{ points: curve(folders, trained, 'rewards/accuracy/mean') }],
          },
          {
            title: 'thinking tokens',
            x: 'step',
            series: [{ points: curve(folders, trained, 'completions/mean_thinking_length') }],
          },
          {
            title: 'groups of equal rewards',
            x: 'step',
            top: 1,
            series: [{ points: curve(folders, trained, 'frac_reward_zero_std') }],
          },
        ]
      : [
          bars('held-out accuracy', (done) => done.evaluation.accuracy, 1),
          bars('thinking tokens', (done) => done.evaluation.mean_thinking_tokens),
          bars('thinking in English', (done) => done.evaluation.language.en, 1),
        ];
  writeFileSync(path, figure(panels, `${name}, mean ± sd of ${records.length} seeds`));
}

/** @param {string} path */
function isFinished(path) {
  if (!existsSync(path)) return false;
  const { pipeline, done } = JSON.parse(readFileSync(path, 'utf8'));
  return done.length === pipeline.inputs.length + pipeline.stages.length;
}

mkdirSync(out, { recursive: true });
/** @type {Map<string, string[]>} */
const groups = new Map();
for (const entry of readdirSync(runs).sort()) {
  const name = /^(.*)-\d+$/.exec(entry)?.[1];
  if (name === undefined || !isFinished(join(runs, entry, 'pipeline.json'))) continue;
  groups.set(name, [...(groups.get(name) ?? []), join(runs, entry)]);
}
for (const [name, folders] of groups) draw(name, folders, join(out, `${name}.svg`));
