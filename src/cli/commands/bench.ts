// `bench`: how fast the engine is on this device, workload by workload.
import { writeFileSync } from 'node:fs';
import { runBench } from '../bench/bench';
import { profileTable, tableHead, tableRow } from '../bench/table';
import { WORKLOAD_NAMES, WORKLOADS } from '../bench/workloads';
import type { Arguments, Command } from '../command';
import { note, printLine } from '../console';
import { readModel } from '../models';
import { openNodeRuntime } from '../runtime';

const DEFAULT_MODEL = 'base';

/** The names an option gives, between commas or by repeating it. Throws UsageError for one that is not known. */
function names(args: Arguments, option: string, what: string, known: readonly string[]): string[] {
  const given = args.list(option).flatMap((text) => text.split(',').map((name) => name.trim()));
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined) throw args.usage(`There is no ${what} “${unknown}”.`, `Use: ${known.join(', ')}.`);
  return given;
}

export const benchCommand: Command = {
  name: 'bench',
  summary: 'Measure products, training, rollouts, one GRPO step and the start on this device.',
  positionals: [{ name: '[MODEL]', help: `the model to measure with (default ${DEFAULT_MODEL})` }],
  options: {
    only: { value: 'W,…', multiple: true, help: `measure only: ${WORKLOAD_NAMES.join(', ')}` },
    steps: { value: 'N', help: 'measurements of each workload, of which the median counts (default 3)' },
    json: { value: 'FILE', help: 'write the rows as JSON too' },
    profile: { help: 'time by kernel as well' },
  },
  notes:
    'What compiles is not counted. ms is the median, ± half the range; gflop/s counts two operations for each weight that a\n' +
    'token passes through, three times that where it is trained.\n\n' +
    Object.entries(WORKLOADS)
      .map(([name, { about }]) => `${name}: ${about}`)
      .join('\n'),
  examples: ['bench', 'bench base --only gemm-512,grpo-step --steps 5 --profile --json bench.json'],
  async run(args) {
    const only = names(args, 'only', 'workload', WORKLOAD_NAMES);
    const runs = args.integer('steps', 3, { min: 1, max: 1000 });
    const workloads = Object.entries(WORKLOADS).filter(([name]) => only.length === 0 || only.includes(name));
    const model = await readModel(args.positional(0) ?? DEFAULT_MODEL);
    const runtime = await openNodeRuntime();
    printLine(`${runtime.device.name} · ${model.name} · median of ${runs}`);
    printLine(tableHead);
    const rows = await runBench(runtime, model, {
      workloads: Object.fromEntries(workloads),
      runs,
      isProfiled: args.flag('profile'),
      onRows: (measured) => {
        for (const row of measured) printLine(tableRow(row));
      },
      onProfile: (title, kernels) => printLine(profileTable(title, kernels)),
    });
    const { bytes, peakBytes } = runtime.device.memory;
    printLine(`device memory: ${megabytes(bytes)} at the end, ${megabytes(peakBytes)} at most`);
    const path = args.text('json');
    if (path !== undefined) {
      const report = { device: runtime.device.name, model: model.name, rows, memory: { bytes, peakBytes } };
      writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
      note(`Wrote ${path}.`);
    }
    return 0;
  },
};

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
