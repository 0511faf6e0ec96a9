// Draws training in f32 and in fp8: node scripts/plotFp8.mjs RUNS OUT.svg. RUNS holds the --log of each run: f32-SEED.jsonl,
// fp8-SEED.jsonl, grpo-f32-SEED.jsonl and so on. Prints the last losses by seed.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { figure } from './svgFigure.mjs';

const [runs, out] = process.argv.slice(2);
if (runs === undefined || out === undefined) {
  console.error('usage: node scripts/plotFp8.mjs RUNS OUT.svg');
  process.exit(2);
}

/** @param {string} start @returns {Record<string, number>[][]} metrics of each seed */
const seedsOf = (start) =>
  readdirSync(runs)
    .filter((file) => file.startsWith(start) && file.endsWith('.jsonl'))
    .sort()
    .map((file) =>
      readFileSync(join(runs, file), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );

/** @param {string} start @param {string} metric */
function curve(start, metric) {
  /** @type {Map<number, number[]>} */
  const bySteps = new Map();
  for (const { step, [metric]: value } of seedsOf(start).flat())
    if (step !== undefined && value !== undefined) bySteps.set(step, [...(bySteps.get(step) ?? []), value]);
  return [...bySteps].map(([x, values]) => {
    const y = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - y) ** 2, 0);
    return { x, y, sd: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
  });
}

const PRECISIONS = ['f32', 'fp8'];
const panel = (/** @type {string} */ title, /** @type {string} */ start, /** @type {string} */ metric) => ({
  title,
  x: 'step',
  series: PRECISIONS.map((name) => ({ name, points: curve(`${start}${name}-`, metric) })),
});
const panels = [
  panel('pretraining: loss', '', 'loss'),
  panel('GRPO: accuracy of rollouts', 'grpo-', 'rewards/accuracy/mean'),
];
writeFileSync(
  out,
  figure(
    panels.filter(({ series }) => series.some(({ points }) => points.length > 0)),
    'Training in f32 and in fp8',
  ),
);
for (const name of PRECISIONS) console.log(name, ...seedsOf(`${name}-`).map((seed) => seed.at(-1)?.loss?.toFixed(4)));
