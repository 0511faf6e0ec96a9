// `bench`: how fast the engine is on this device, workload by workload, beside other engines where they are installed.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { DeviceKind } from '../../device/contract';
import { runBench } from '../bench/bench';
import { DEVICE_OPTIONS, measuredDevice, openMeasured } from '../bench/benchDevice';
import { markdownTable, withTable } from '../bench/markdown';
import { benchFolder, installPeers, isInstalled, PEER_NAMES, peerScript, peersOn } from '../bench/peers';
import { type BenchReport, saveReport } from '../bench/results';
import { profileTable, tableHead, tableRow } from '../bench/table';
import { WORKLOAD_NAMES, WORKLOADS } from '../bench/workloads';
import type { Arguments, Command } from '../command';
import { note, printLine } from '../console';
import { megabytes } from '../memory';
import { readModel } from '../models';

const DEFAULT_MODEL = 'base';
const NO_PEERS = 'none';

/** The names an option gives, between commas or by repeating it. Throws UsageError for one that is not known. */
function names(args: Arguments, option: string, what: string, known: readonly string[]): string[] {
  const given = args.list(option).flatMap((text) => text.split(',').map((name) => name.trim()));
  const unknown = given.find((name) => !known.includes(name));
  if (unknown !== undefined) throw args.usage(`There is no ${what} “${unknown}”.`, `Use: ${known.join(', ')}.`);
  return given;
}

/**
 * The peers to run, by name, with their scripts: those asked for, installed if need be, or all of the device that are
 * installed.
 */
function choosePeers(args: Arguments, folder: string | undefined, device: DeviceKind): Map<string, string> {
  const possible = peersOn(device);
  const asked = names(args, 'peers', 'peer', [...possible, NO_PEERS]);
  if (asked.includes(NO_PEERS) && asked.length > 1) {
    throw args.usage('--peers has “none” with others.', 'Give --peers none alone, or the names without it.');
  }
  if (asked.includes(NO_PEERS) || (folder === undefined && asked.length === 0)) return new Map();
  if (folder === undefined) {
    throw args.usage(
      'The peers are not here: there is no folder bench/.',
      'Call it in the project, or without --peers.',
    );
  }
  const wanted = asked.length > 0 ? asked : possible;
  const missing = wanted.filter((name) => !isInstalled(folder, name));
  if (asked.length > 0 && missing.length > 0) {
    note(`Installing the peers into ${folder}.`);
    installPeers(folder, missing);
  } else if (missing.length > 0) {
    note(`Not installed: ${missing.join(', ')}. Ask for them with --peers ${missing.join(',')}.`);
  }
  const chosen = wanted.filter((name) => asked.length > 0 || !missing.includes(name));
  return new Map(chosen.map((name) => [name, peerScript(folder, name)]));
}

export const benchCommand: Command = {
  name: 'bench',
  summary: 'Measure products, training, rollouts, a GRPO step and the start on this device, beside other engines.',
  positionals: [{ name: '[MODEL]', help: `the model to measure with (default ${DEFAULT_MODEL})` }],
  options: {
    only: { value: 'W,…', multiple: true, help: `measure only: ${WORKLOAD_NAMES.join(', ')}` },
    peers: {
      value: 'NAME,…',
      multiple: true,
      help: `compare with ${PEER_NAMES.join(', ')} or ${NO_PEERS} (default: those installed); installs what is missing`,
    },
    ...DEVICE_OPTIONS,
    steps: { value: 'N', help: 'measurements of each workload, of which the median counts (default 3)' },
    json: { value: 'FILE', help: 'write the rows as JSON to FILE, not to bench/results' },
    docs: { value: 'FILE', help: 'put all results of this device into a Markdown file, such as docs/benchmarks.md' },
    profile: { help: 'time by kernel as well' },
  },
  notes:
    'What compiles is not counted. ms is the median, ± half the range; gflop/s counts two operations for each weight that a\n' +
    'token passes through, three times that where it is trained.\n\n' +
    Object.entries(WORKLOADS)
      .map(([name, { about, isOnlyAskedFor }]) => `${name}: ${about}${isOnlyAskedFor ? ' (only by --only)' : ''}`)
      .join('\n'),
  examples: [
    'bench',
    'bench --only gemm-512,train-dense --peers jax-js,tfjs',
    'bench --device cpu --threads 1 --only gemm-512,gemm-1024 --peers torch',
    'bench base --peers none --steps 5 --profile --json bench.json',
  ],
  async run(args) {
    const only = names(args, 'only', 'workload', WORKLOAD_NAMES);
    const runs = args.integer('steps', 3, { min: 1, max: 1000 });
    const workloads = Object.entries(WORKLOADS).filter(([name, { isOnlyAskedFor }]) =>
      only.length === 0 ? !isOnlyAskedFor : only.includes(name),
    );
    const folder = benchFolder();
    const measured = measuredDevice(args);
    const peers = choosePeers(args, folder, measured.place.device);
    const model = await readModel(args.positional(0) ?? DEFAULT_MODEL);
    const { name, runtime } = await openMeasured(measured);
    printLine([name, model.name, `median of ${runs}`].join(' · '));
    printLine(tableHead);
    const rows = await runBench(runtime, model, {
      workloads: Object.fromEntries(workloads),
      peers,
      place: measured.place,
      runs,
      isProfiled: args.flag('profile'),
      onRows: (measured) => {
        for (const row of measured) printLine(tableRow(row));
      },
      onProfile: (title, kernels) => printLine(profileTable(title, kernels)),
    });
    const { bytes, peakBytes } = runtime.device.memory;
    printLine(`device memory: ${megabytes(bytes)} at the end, ${megabytes(peakBytes)} at most`);
    const report = { device: name, model: model.name, rows, memory: { bytes, peakBytes } };
    write(report, { json: args.text('json'), docs: args.text('docs'), folder });
    return 0;
  },
};

function write(
  report: BenchReport,
  to: { json?: string | undefined; docs?: string | undefined; folder?: string | undefined },
): void {
  let all = report;
  if (to.json !== undefined) {
    writeFileSync(to.json, `${JSON.stringify(report, null, 2)}\n`);
    note(`Wrote ${to.json}.`);
  } else if (to.folder !== undefined) {
    const saved = saveReport(to.folder, report);
    all = saved.report;
    note(`Wrote ${saved.path}.`);
  }
  if (to.docs !== undefined) {
    const table = markdownTable(all.rows, WORKLOAD_NAMES);
    writeFileSync(to.docs, withTable(existsSync(to.docs) ? readFileSync(to.docs, 'utf8') : '', report.device, table));
    note(`Wrote the table of ${report.device} to ${to.docs}.`);
  }
}
