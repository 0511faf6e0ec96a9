// The device that is measured, as the options say: a graphics device, or the processor in a form and a number of threads.
import { availableParallelism } from 'node:os';
import type { CpuUse, DeviceKind } from '../../device/contract';
import type { Runtime } from '../../engine/runtime';
import type { Arguments, OptionSpec } from '../command';
import { openCpuRuntime, openGpuRuntime } from '../runtime';
import type { PeerPlace } from './peerProcess';

const DEVICES: readonly DeviceKind[] = ['gpu', 'cpu'];
const FORMS: readonly CpuUse['form'][] = ['relaxed', 'simd', 'scalar'];

export const DEVICE_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  device: {
    value: DEVICES.join('|'),
    oneOf: DEVICES,
    help: 'what computes: the graphics device (the default) or the processor',
  },
  threads: { value: 'N', help: 'threads of the processor, and of peers on it (default: as many as it runs at once)' },
  form: {
    value: FORMS.join('|'),
    oneOf: FORMS,
    help: 'instructions of the processor (default: the fastest that it has)',
  },
};

export interface MeasuredDevice {
  /** Where the peers compute. */
  readonly place: PeerPlace;
  readonly form: CpuUse['form'] | undefined;
}

/** What is to be measured. Throws UsageError. */
export function measuredDevice(args: Arguments): MeasuredDevice {
  const device = DEVICES.find((known) => known === args.text('device')) ?? 'gpu';
  const form = FORMS.find((known) => known === args.text('form'));
  if (device === 'gpu' && form) throw args.usage('--form is of the processor.', 'Add --device cpu, or leave it out.');
  return { place: { device, threads: args.integer('threads', availableParallelism(), { min: 1 }) }, form };
}

/** Opens it; `name` is what its table is called. */
export async function openMeasured({ place, form }: MeasuredDevice): Promise<{ name: string; runtime: Runtime }> {
  const runtime = await (place.device === 'cpu'
    ? openCpuRuntime({ form, threads: place.threads, isWhole: true })
    : openGpuRuntime());
  const { name, cpu } = runtime.device;
  return {
    name: cpu ? `${name}, ${cpu.form}, ${cpu.threads} ${cpu.threads === 1 ? 'thread' : 'threads'}` : name,
    runtime,
  };
}
