// Measures two checkouts of the project, or two devices, in turns, so that a slow minute of the machine is one of both:
//   node bench/compare.mjs BEFORE AFTER --only train-dense,decode-1 [--turns 5] [--steps 3] [--with COMMAND]
//   node bench/compare.mjs . . --only grpo-step --before-args='--device gpu' --after-args='--device cpu --threads 2'
// BEFORE and AFTER are folders with `npm install` done. Prints for each workload the medians over the turns, and the speed of AFTER
// as a share of that of BEFORE: the median of the shares of neighbouring turns, with the least and the largest.
// --with: what each run is started by, such as a script that sets a Vulkan driver.
// --before-args, --after-args: options of `bench`, between spaces.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string' },
    turns: { type: 'string', default: '5' },
    steps: { type: 'string', default: '3' },
    with: { type: 'string' },
    'before-args': { type: 'string', default: '' },
    'after-args': { type: 'string', default: '' },
  },
});
const [before, after] = ['before', 'after'].map((name, i) => ({
  checkout: positionals[i],
  args: values[`${name}-args`].split(' ').filter((text) => text !== ''),
}));
const turns = Number(values.turns);
if (positionals.length !== 2 || values.only === undefined || !Number.isInteger(turns) || turns < 1) {
  process.stderr.write(
    'Use: node bench/compare.mjs BEFORE AFTER --only WORKLOAD,… [--turns 5] [--steps 3] [--with COMMAND]\n' +
      "     [--before-args='--device gpu'] [--after-args='--device cpu --threads 2']\n",
  );
  process.exit(2);
}
const scratch = mkdtempSync(join(tmpdir(), 'bench-compare-'));

/** Milliseconds of one measurement in a checkout, by its own bench. */
function measure({ checkout, args }, workload) {
  const json = join(scratch, 'rows.json');
  const bench = [
    'scripts/cli.mjs',
    'bench',
    '--only',
    workload,
    '--peers',
    'none',
    '--steps',
    values.steps,
    '--json',
    json,
    ...args,
  ];
  const command = [...(values.with === undefined ? [] : [resolve(values.with)]), 'node', ...bench];
  execFileSync(command[0], command.slice(1), { cwd: checkout, stdio: ['ignore', 'ignore', 'inherit'] });
  const { ms } = JSON.parse(readFileSync(json, 'utf8')).rows.find((row) => row.workload === workload);
  return ms;
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

try {
  process.stdout.write('workload            before ms   after ms   speed (least … largest)\n');
  for (const workload of values.only.split(',')) {
    const times = [];
    for (let turn = 0; turn < turns; turn++) {
      // Each goes first every other time.
      const first = turn % 2 === 0 ? before : after;
      const second = first === before ? after : before;
      const taken = new Map();
      for (const side of [first, second]) taken.set(side, measure(side, workload));
      times.push(taken);
    }
    const of = (side) => median(times.map((taken) => taken.get(side))).toFixed(1);
    const shares = times.map((taken) => taken.get(before) / taken.get(after));
    const range = `${Math.min(...shares).toFixed(3)} … ${Math.max(...shares).toFixed(3)}`;
    const columns = [workload.padEnd(18), of(before).padStart(10), of(after).padStart(10), median(shares).toFixed(3)];
    process.stdout.write(`${columns.join(' ')} (${range})\n`);
  }
} finally {
  rmSync(scratch, { recursive: true });
}
