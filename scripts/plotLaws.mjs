// Draws the law of loss and the wall: node scripts/plotLaws.mjs GRID.json CHECKPOINTS.json OUT.svg. GRID is what
// `npm run cli -- scaling recipes/scaling/grid.json --json` prints, CHECKPOINTS what `compress --held-out … --json` does.
import { readFileSync, writeFileSync } from 'node:fs';
import { figure } from './svgFigure.mjs';

const [gridPath, checkpointsPath, out] = process.argv.slice(2);
if (gridPath === undefined || checkpointsPath === undefined || out === undefined) {
  console.error('usage: node scripts/plotLaws.mjs GRID.json CHECKPOINTS.json OUT.svg');
  process.exit(2);
}

/**
 * @typedef {{ parameters: number, tokens: number, uniqueTokens: number, loss: number }} Result
 * @typedef {{ flops: number, parameters: number, bounds: { low: number, high: number } }} Best
 * @type {{ results: Result[], optimal: Best[] }}
 */
const grid = JSON.parse(readFileSync(gridPath, 'utf8'));
/** @type {{ models: { model: string, bitsPerByte: number }[], together: { gzip: number, brotli: number } }} */
const packed = JSON.parse(readFileSync(checkpointsPath, 'utf8'));

const once = grid.results.filter(({ tokens, uniqueTokens }) => uniqueTokens >= tokens);
const again = grid.results.filter(({ tokens, uniqueTokens }) => uniqueTokens < tokens);
const sizes = (/** @type {Result[]} */ results) => [...new Set(results.map(({ parameters }) => parameters))];
const thousands = (/** @type {number} */ number) => `${Math.round(number / 1000)} K parameters`;

const byLength = sizes(once).map((size) => ({
  name: thousands(size),
  points: once
    .filter(({ parameters }) => parameters === size)
    .map(({ tokens, loss }) => ({ x: tokens / 1000, y: loss })),
}));

const byTimes = sizes(again).map((size) => {
  const read = again.filter(({ parameters }) => parameters === size);
  const length = read[0]?.tokens ?? 1;
  const fresh = once.filter(({ parameters, tokens }) => parameters === size && Math.abs(tokens / length - 1) < 0.05);
  const points = [...fresh, ...read].map(({ tokens, uniqueTokens, loss }) => ({ x: tokens / uniqueTokens, y: loss }));
  return { name: thousands(size), points };
});

const bestSize = (/** @type {string} */ name, /** @type {(point: Best) => number} */ read) => ({
  name,
  points: grid.optimal.map((point) => ({ x: point.flops / 1e9, y: read(point) / 1000 })),
});
const best = [
  bestSize('best size', ({ parameters }) => parameters),
  bestSize('80 % of refits, low', ({ bounds }) => bounds.low),
  bestSize('80 % of refits, high', ({ bounds }) => bounds.high),
];

const steps = packed.models.map(({ model, bitsPerByte }) => ({ x: Number(/\d+$/.exec(model)?.[0]), y: bitsPerByte }));
const level = (/** @type {string} */ name, /** @type {number} */ y) => ({
  name,
  points: [steps[0], steps.at(-1)].map((end) => ({ x: end?.x ?? 1, y })),
});

/** @type {Parameters<typeof figure>[0]} */
const panels = [
  { title: 'Held-out loss by text', x: 'thousands of tokens read', log: true, series: byLength },
  {
    title: 'Best size by computing',
    x: '10⁹ operations (y: thousands of parameters)',
    log: true,
    key: 'top left',
    series: best,
  },
  { title: 'Half a million tokens, repeated', x: 'times that each text is read', log: true, series: byTimes },
  {
    ...{ title: 'Bits a byte, packed', x: 'steps of pretraining', log: true, key: 'top' },
    series: [
      { name: 'the model', points: steps },
      level('gzip', packed.together.gzip),
      level('brotli', packed.together.brotli),
    ],
  },
];
writeFileSync(
  out,
  figure(panels, 'Loss by size and text, the best size, repeated texts, and the model as a compressor'),
);
console.log(`${out}: ${once.length} runs on new texts, ${again.length} on repeated ones`);
