// `bench`: how fast the engine is on this device, workload by workload.
import { writeFileSync } from 'node:fs';
import { type BenchRow, runBench, WORKLOAD_NAMES } from '../bench';
import type { Command } from '../command';
import { note, printLine } from '../console';
import { readModel } from '../models';
import { openNodeRuntime } from '../runtime';

const DEFAULT_MODEL = 'base';

export const benchCommand: Command = {
  name: 'bench',
  summary: 'Measure rollouts, training, one GRPO step and the start on this device.',
  positionals: [{ name: '[MODEL]', help: `the model to measure with (default ${DEFAULT_MODEL})` }],
  options: {
    only: { value: 'W', multiple: true, help: `measure only: ${WORKLOAD_NAMES.join(', ')}` },
    steps: { value: 'N', help: 'runs of each workload, of which the median counts (default 3)' },
    json: { value: 'FILE', help: 'write the rows as JSON too' },
    profile: { help: 'time by kernel as well' },
  },
  notes:
    'The first run of each workload compiles and is not counted. ms is the median of the runs; gflop/s counts two operations\n' +
    'for each weight that a token passes through, three times that where it is trained.',
  examples: ['bench', 'bench base --only grpo_step --steps 5 --profile --json bench.json'],
  async run(args) {
    const only = args.list('only');
    const unknown = only.find((name) => !WORKLOAD_NAMES.includes(name));
    if (unknown !== undefined) {
      throw args.usage(`There is no workload “${unknown}”.`, `Use: ${WORKLOAD_NAMES.join(', ')}.`);
    }
    const runs = args.integer('steps', 3, { min: 1, max: 1000 });
    const model = await readModel(args.positional(0) ?? DEFAULT_MODEL);
    const runtime = await openNodeRuntime();
    printLine(`${runtime.device.name} · ${model.name} · median of ${runs}`);
    printLine(columns(['workload', 'ms', 'tokens/s', 'gflop/s', '']));
    const rows = await runBench(runtime, model, {
      only,
      runs,
      isProfiled: args.flag('profile'),
      onRow: (row) => printLine(rowText(row)),
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

function columns([first = '', ...rest]: readonly string[]): string {
  const remark = rest.pop() ?? '';
  return `${first.padEnd(22)}${rest.map((text) => text.padStart(11)).join('')}  ${remark}`.trimEnd();
}

function rowText({ workload, ms, tokensPerSecond, gflops, detail }: BenchRow): string {
  const figure = (value: number | undefined, digits: number) => (value === undefined ? '–' : value.toFixed(digits));
  return columns([workload, figure(ms, 1), figure(tokensPerSecond, 0), figure(gflops, 2), detail ?? '']);
}

function profileTable(title: string, kernels: ReadonlyMap<string, { ms: number; count: number }>): string {
  const total = [...kernels.values()].reduce((sum, { ms }) => sum + ms, 0);
  const rows = [...kernels].sort(([, a], [, b]) => b.ms - a.ms);
  const lines = rows.map(([kernel, { ms, count }]) => {
    const share = `${((100 * ms) / Math.max(total, 1e-9)).toFixed(1)} %`;
    return `  ${kernel.padEnd(34)}${ms.toFixed(3).padStart(10)}${String(count).padStart(8)}${share.padStart(9)}`;
  });
  return [
    `\n${title}: ${total.toFixed(1)} ms`,
    `  ${'kernel'.padEnd(34)}${'ms'.padStart(10)}${'times'.padStart(8)}`,
    ...lines,
  ].join('\n');
}
