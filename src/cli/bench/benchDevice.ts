// The device that is measured, as the options say: a graphics device, or the processor in a form and a number of threads.
import { availableParallelism } from 'node:os';
import type { CpuUse, DeviceKind } from '../../device/contract';
import type { Runtime } from '../../engine/runtime';
import type { Arguments, OptionSpec } from '../command';
import { openCpuRuntime, openNodeRuntime } from '../runtime';
import type { PeerPlace } from './peerProcess';

const DEVICES: readonly DeviceKind[] = ['gpu', 'cpu'];
const FORMS: readonly CpuUse['form'][] = ['relaxed', 'simd', 'scalar'];

export const DEVICE_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  device: { value: DEVICES.join('|'), help: 'what computes: the graphics device (the default) or the processor' },
  threads: { value: 'N', help: 'threads of the processor, and of peers on it (default: as many as it runs at once)' },
  form: { value: FORMS.join('|'), help: 'instructions of the processor (default: the fastest that it has)' },
};

/** What an option gives, out of the known. Throws UsageError. */
function oneOf<T extends string>(args: Arguments, option: string, known: readonly T[]): T | undefined {
  const text = args.text(option);
  const found = known.find((name) => name === text);
  if (text === undefined || found !== undefined) return found;
  throw args.usage(`--${option} is “${text}”.`, `Use: ${known.join(', ')}.`);
}

export interface MeasuredDevice {
  /** Where the peers compute. */
  readonly place: PeerPlace;
  readonly form: CpuUse['form'] | undefined;
}

/** What is to be measured. Throws UsageError. */
export function measuredDevice(args: Arguments): MeasuredDevice {
  const device = oneOf(args, 'device', DEVICES) ?? 'gpu';
  const form = oneOf(args, 'form', FORMS);
  if (device === 'gpu' && form) throw args.usage('--form is of the processor.', 'Add --device cpu, or leave it out.');
  return { place: { device, threads: args.integer('threads', availableParallelism(), { min: 1 }) }, form };
}

/** Opens it; `name` is what its table is called. */
export async function openMeasured({ place, form }: MeasuredDevice): Promise<{ name: string; runtime: Runtime }> {
  const runtime = await (place.device === 'cpu' ? openCpuRuntime({ form, threads: place.threads }) : openNodeRuntime());
  const { name, cpu } = runtime.device;
  return {
    name: cpu ? `${name}, ${cpu.form}, ${cpu.threads} ${cpu.threads === 1 ? 'thread' : 'threads'}` : name,
    runtime,
  };
}
