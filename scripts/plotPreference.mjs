// Gathers what the pipeline rlhf came to over several seeds: node scripts/plotPreference.mjs OUT.svg OUT.json DIR…. A DIR is
// what `npm run cli -- pipeline rlhf --seed S --out DIR` made. Draws the learned reward and the truth over KL from the start,
// writes the curves for the page, and prints the checkpoints as a table.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { figure } from './svgFigure.mjs';

const [svg, json, ...folders] = process.argv.slice(2);
if (svg === undefined || json === undefined || folders.length === 0) {
  console.error('usage: node scripts/plotPreference.mjs OUT.svg OUT.json DIR…');
  process.exit(2);
}

/** As src/state/klCurve.ts has it. */
const GROUP = 5;
const RATERS = ['pupil', 'teacher', 'professor'];
const GRADE = 'rewards/reward_model/mean';
const STAGES = [...RATERS.map((rater) => `learned-${rater}`), 'verified'];

/** @param {number[]} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** @param {number[]} values of the sample */
const deviation = (values) => {
  if (values.length < 2) return 0;
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1));
};

/** @param {string} path @returns {Record<string, number>[]} the metrics of each step */
const readSteps = (path) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => (line === '' ? [] : JSON.parse(line)))
    .map((line) => line.metrics ?? line);

/** @typedef {{ kl: number, truth: number, preferred?: number }} One */

/** @param {Record<string, number>[]} steps @returns {One[]} */
function curveOf(steps) {
  const first = steps[0]?.[GRADE];
  const groups = Array.from({ length: Math.floor(steps.length / GROUP) }, (_, i) =>
    steps.slice(i * GROUP, (i + 1) * GROUP),
  );
  return groups.map((group) => {
    const of = (/** @type {string} */ name) => mean(group.map((step) => step[name] ?? Number.NaN));
    const preferred = first === undefined ? {} : { preferred: 1 / (1 + Math.exp(first - of(GRADE))) };
    return { kl: of('kl'), truth: of('rewards/accuracy/mean'), ...preferred };
  });
}

const round = (/** @type {number} */ value) => Number(value.toPrecision(4));

/** @param {One[][]} runs of several seeds, point by point */
function together(runs) {
  const length = Math.min(...runs.map((run) => run.length));
  return Array.from({ length }, (_, i) => {
    const at = runs.map((run) => /** @type {One} */ (run[i]));
    const truth = at.map((one) => one.truth);
    const preferred = at.flatMap((one) => one.preferred ?? []);
    return {
      kl: round(mean(at.map((one) => one.kl))),
      truth: round(mean(truth)),
      truthSd: round(deviation(truth)),
      ...(preferred.length > 0 && { preferred: round(mean(preferred)), preferredSd: round(deviation(preferred)) }),
    };
  });
}

const metricsOf = (/** @type {string} */ folder, /** @type {string} */ stage) => join(folder, stage, 'metrics.jsonl');
const runsOf = (/** @type {string} */ stage) =>
  folders
    .map((folder) => metricsOf(folder, stage))
    .filter((path) => existsSync(path))
    .map((path) => curveOf(readSteps(path)));

const records = folders.map((folder) => JSON.parse(readFileSync(join(folder, 'pipeline.json'), 'utf8')));
const curves = Object.fromEntries(
  STAGES.flatMap((stage) => {
    const runs = runsOf(stage);
    return runs.length > 0 ? [[stage, together(runs)]] : [];
  }),
);
const seeds = records.map(({ pipeline }) => pipeline.seed);
// The seeds on one line, as the formatter has them.
const text = JSON.stringify({ seeds, curves }, null, 2).replace(
  /"seeds": \[[^\]]*\]/,
  `"seeds": [${seeds.join(', ')}]`,
);
writeFileSync(json, `${text}\n`);

/** The first point that is far enough from the start for a logarithm. */
const LEAST = 1e-3;
const panels = RATERS.map((rater) => {
  const points = (curves[`learned-${rater}`] ?? []).filter(({ kl }) => kl >= LEAST);
  const verified = (curves.verified ?? []).filter(({ kl }) => kl >= LEAST);
  return {
    title: `${rater}’s reward`,
    x: 'KL from the start',
    log: true,
    marks: [0.01, 0.1, 1].filter((mark) => points.some(({ kl }) => kl >= mark)),
    top: 1,
    series: [
      { name: 'preferred', points: points.map(({ kl, preferred: y = 0, preferredSd: sd = 0 }) => ({ x: kl, y, sd })) },
      { name: 'right', points: points.map(({ kl, truth: y, truthSd: sd }) => ({ x: kl, y, sd })) },
      { name: 'right, verifier', points: verified.map(({ kl, truth: y, truthSd: sd }) => ({ x: kl, y, sd })) },
    ],
  };
});
writeFileSync(svg, figure(panels, 'learned reward and truth over KL, by three raters, beside the verifier'));

/** @param {string[]} cells */
const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
const names = records[0].done.flatMap((/** @type {any} */ done) => (done.evaluation ? [done.name] : []));
row(['checkpoint', ...seeds.map((seed) => `seed ${seed}`), 'mean ± sd']);
row(['---', ...seeds.map(() => '---'), '---']);
for (const name of names) {
  const shares = records.flatMap(({ done }) => {
    const found = done.find((/** @type {any} */ one) => one.name === name);
    return found ? [found.evaluation.accuracy] : [];
  });
  row([
    name,
    ...shares.map((share) => share.toFixed(3)),
    `${mean(shares).toFixed(3)} ± ${deviation(shares).toFixed(3)}`,
  ]);
}
for (const stage of STAGES) {
  const points = curves[stage] ?? [];
  const peak = points.reduce((best, point) => (point.truth > best.truth ? point : best), points[0] ?? { truth: 0 });
  console.log(`${stage}: peak ${JSON.stringify(peak)} last ${JSON.stringify(points.at(-1))}`);
}
for (const { done, pipeline } of records) {
  for (const { name, preferences: of } of done) {
    if (!of) continue;
    const right = [of.chosen_correct, of.rejected_correct].map((share) => share.toFixed(3)).join(' and ');
    console.log(`seed ${pipeline.seed} ${name}: ${of.pairs} pairs, right ${right}`);
  }
}
