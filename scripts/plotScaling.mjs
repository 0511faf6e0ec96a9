// Draws what thinking longer brings: node scripts/plotScaling.mjs OUT.svg NAME=FILE.json…. A FILE is what
// `npm run cli -- eval MODEL --samples K --thinking-budget … --json` prints. Prints the figures as a table, too.
import { readFileSync, writeFileSync } from 'node:fs';
import { figure } from './svgFigure.mjs';

const [out, ...named] = process.argv.slice(2);
if (out === undefined || named.length === 0) {
  console.error('usage: node scripts/plotScaling.mjs OUT.svg NAME=FILE.json…');
  process.exit(2);
}

/**
 * @typedef {{ k: number, pass: number, majority: number }} Tries
 * @typedef {{ accuracy: number, mean_thinking_tokens: number }} Measured
 * @typedef {Measured & { budget: number | null, waits: number }} Controlled
 * @typedef {Measured & { problems: number, samples: number, scaling_k: Tries[], scaling_thinking: Controlled[] }} Evaluation
 */

const models = named.map((argument) => {
  const [name = '', path = ''] = argument.split('=');
  /** @type {Evaluation} */
  const evaluation = JSON.parse(readFileSync(path, 'utf8'));
  return { name, evaluation };
});

/** @param {Evaluation} evaluation by rising budget, the free answer last */
const byBudget = ({ scaling_thinking, ...free }) => [...scaling_thinking.filter(({ waits }) => waits === 0), free];

/** @param {keyof Tries} what @param {string} title */
const overTries = (what, title) => ({
  title,
  x: 'answers to a problem, k',
  log: true,
  top: 1,
  series: models.map(({ name, evaluation }) => ({
    name,
    points: evaluation.scaling_k.map((tries) => ({ x: tries.k, y: tries[what] })),
  })),
});

const panels = [
  {
    title: 'accuracy by thinking budget',
    x: 'mean thinking tokens',
    top: 1,
    series: models.map(({ name, evaluation }) => ({
      name,
      points: byBudget(evaluation).map(({ mean_thinking_tokens, accuracy }) => ({
        x: mean_thinking_tokens,
        y: accuracy,
      })),
    })),
  },
  overTries('pass', 'pass@k'),
  overTries('majority', 'maj@k'),
];
writeFileSync(out, figure(panels, `test-time scaling of ${models.map(({ name }) => name).join(', ')}`));

/** @param {string[]} cells */
const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
for (const { name, evaluation } of models) {
  const { problems, samples, accuracy, mean_thinking_tokens, scaling_k, scaling_thinking } = evaluation;
  console.log(`\n${name}: ${problems} problems × ${samples} answers\n`);
  row(['k', ...scaling_k.map(({ k }) => `${k}`)]);
  row(['---', ...scaling_k.map(() => '---')]);
  row(['pass@k', ...scaling_k.map(({ pass }) => pass.toFixed(3))]);
  row(['maj@k', ...scaling_k.map(({ majority }) => majority.toFixed(3))]);
  console.log();
  row(['thinking', 'accuracy', 'mean thinking tokens']);
  row(['---', '---', '---']);
  row(['free', accuracy.toFixed(3), mean_thinking_tokens.toFixed(1)]);
  for (const { budget, waits, ...measured } of scaling_thinking) {
    const control = waits > 0 ? `wait × ${waits}` : `at most ${budget}`;
    row([control, measured.accuracy.toFixed(3), measured.mean_thinking_tokens.toFixed(1)]);
  }
}
