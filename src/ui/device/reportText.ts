// The whole panel as plain text, for a report of a fault: in English, whatever the page's language.
import type {
  DeviceInfo,
  DeviceReason,
  DeviceReport,
  MeasuredWay,
  ModelInfo,
  ProgramProfile,
  WorkCost,
} from '../../protocol/protocol';
import { dispatchesPerDecodeStep, overallGflops, phaseRates, shareOutside } from './costs';

export interface ReportParts {
  readonly browser: string;
  readonly device: DeviceInfo;
  readonly model: ModelInfo | undefined;
  readonly report: DeviceReport | undefined;
  readonly ask: WorkCost | undefined;
  readonly step: WorkCost | undefined;
  readonly profile: readonly ProgramProfile[] | undefined;
  readonly ways: readonly MeasuredWay[];
}

function deviceDetail({ kind, isSoftware, cpu }: DeviceInfo): string {
  if (cpu) return ` (${cpu.form}, ${cpu.threads} threads: ${cpu.threadLimit})`;
  return kind === 'gpu' && isSoftware ? ' (software)' : '';
}

function reasonText(why: DeviceReason): string {
  if (why.kind === 'softwareGpu') return `softwareGpu: ${why.adapter}`;
  return 'fault' in why ? `${why.kind}: ${why.fault}` : why.kind;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
const figure = (value: number | undefined, digits: number, unit: string) =>
  value === undefined ? `- ${unit}` : `${value.toFixed(digits)} ${unit}`;

function costLines(title: string, cost: WorkCost | undefined): string[] {
  if (cost === undefined) return [`${title}: none yet`];
  const perStep = dispatchesPerDecodeStep(cost);
  return [
    `${title}: ${cost.elapsedMs.toFixed(1)} ms, ` +
      `${cost.isByClock ? 'phases by the clock' : 'phases by timestamps'}, ${figure(overallGflops(cost), 2, 'GFLOP/s')}, ` +
      `${(shareOutside(cost) * 100).toFixed(0)} % outside the device, ` +
      `submit p99 ${cost.submitP99Ms.toFixed(1)} ms, longest ${cost.submitMaxMs.toFixed(1)} ms` +
      `${perStep === undefined ? '' : `, ${perStep.toFixed(0)} dispatches a decode step`}`,
    ...cost.phases.map((phase) => {
      const { tokensPerSecond, gflops } = phaseRates(phase);
      return (
        `  ${phase.phase}: ${figure(phase.ms, 1, 'ms')}, ` +
        `${figure(tokensPerSecond, 0, 'tok/s')}, ${figure(gflops, 2, 'GFLOP/s')}, ` +
        `${phase.runs} runs, ${phase.dispatches} dispatches, ${phase.submits} submits`
      );
    }),
  ];
}

function reportLines({ features, limits, choices, memory }: DeviceReport): string[] {
  const { heldBytes, peakBytes, plannedBytes } = memory;
  const planned = plannedBytes === undefined ? '' : `, planned ${megabytes(plannedBytes)}`;
  return [
    `features: ${features.map(({ name, status }) => `${name} ${status}`).join(', ')}`,
    `limits: ${Object.entries(limits)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ')}`,
    `memory: held ${megabytes(heldBytes)}, peak ${megabytes(peakBytes)}${planned}`,
    choices.length === 0 ? 'choices: none noted' : 'choices:',
    ...choices.map(({ subject, chosen, reason }) => `  ${subject}: ${chosen} (${reason})`),
  ];
}

function wayLine({ way, threads, gflops, tokensPerSecond, fault }: MeasuredWay): string {
  if (fault) return `${way}: not measured, ${JSON.stringify(fault)}`;
  const on = threads === undefined ? '' : `, threads: ${threads}`;
  return `${way}${on}: ${figure(gflops, 2, 'GFLOP/s')}, ${figure(tokensPerSecond, 0, 'tok/s')}`;
}

/** The lines of a report, ready to be pasted. */
export function reportText({ browser, device, model, report, ask, step, profile, ways }: ReportParts): string {
  const size = model ? ` (${model.numParameters} parameters, ${model.numActiveParameters} active)` : '';
  return [
    `device: ${device.name}${deviceDetail(device)}`,
    `taken: ${reasonText(device.why)}`,
    `browser: ${browser}`,
    `model: ${model?.name ?? 'none'}${size}`,
    ...(report ? reportLines(report) : []),
    ...costLines('last answer', ask),
    ...costLines('last training step', step),
    ...ways.map(wayLine),
    ...(profile ?? []).flatMap(({ program, size: rows, kernels }) => [
      `profile of ${program}, ${rows} ${program === 'update' ? 'tokens' : 'rollouts'}:`,
      ...kernels.map(({ kernel, ms, count }) => `  ${kernel}: ${ms.toFixed(3)} ms in ${count}`),
    ]),
  ].join('\n');
}
