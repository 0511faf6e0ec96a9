// Which device computes: WebGPU's where its adapter is a graphics processor, else the processor; or the one that is asked for.
import type { Device } from './contract';
import { NoDeviceError } from './errors';
import type { CpuOptions } from './wasm/options';

/** What may be asked for; `auto` leaves it to the rule. */
export const DEVICE_WISHES = ['auto', 'cpu', 'gpu'] as const;
export type DeviceWish = (typeof DEVICE_WISHES)[number];

/** A graphics device that was found and is not open yet. */
export interface FoundGpu {
  readonly name: string;
  /** It is a program that plays a graphics processor on the processor. */
  readonly isSoftware: boolean;
  open(): Promise<Device>;
}

/** The ways to the devices of a machine. */
export interface DeviceSources {
  /** @throws WebGpuMissingError where there is none. */
  findGpu(): Promise<FoundGpu>;
  openCpu(options?: CpuOptions): Promise<Device>;
}

/** Why a device was taken, as data: the page says it in its reader's language. */
export type DeviceReason =
  | { readonly kind: 'asked' }
  /** The processor: it is there at once, and whether there is a graphics processor is not known yet. */
  | { readonly kind: 'first' }
  | { readonly kind: 'realGpu' }
  /** The processor: WebGPU's adapter, of this name, is a program on the same processor, and slower. */
  | { readonly kind: 'softwareGpu'; readonly adapter: string }
  /** The processor: no graphics device was found, or it did not open. */
  | { readonly kind: 'noGpu'; readonly fault: string }
  /** A graphics device in software: the processor did not open. */
  | { readonly kind: 'noCpu'; readonly fault: string };

export interface ChosenDevice {
  readonly device: Device;
  readonly why: DeviceReason;
}

/** A device that is there at once. */
export interface FirstDevice extends ChosenDevice {
  /** Gives the device of the rule, which may be the same. */
  readonly settle?: () => Promise<ChosenDevice>;
}

/** As chooseDevice; but what is left to the rule begins on the processor, without a look at graphics devices. */
export async function openFirst(wish: DeviceWish, sources: DeviceSources): Promise<FirstDevice> {
  if (wish !== 'auto') return chooseDevice(wish, sources);
  const opened = sources.openCpu();
  const again = { ...sources, openCpu: () => opened };
  try {
    return { device: await opened, why: { kind: 'first' }, settle: () => chooseDevice(wish, again) };
  } catch {
    return chooseDevice(wish, again);
  }
}

const faultOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * Opens the device to compute on. What is asked for is opened or its fault thrown; nothing takes its place.
 * @throws NoDeviceError where there is nothing to choose.
 */
export async function chooseDevice(wish: DeviceWish, { findGpu, openCpu }: DeviceSources): Promise<ChosenDevice> {
  const asked = { kind: 'asked' } as const;
  if (wish === 'cpu') return { device: await openCpu(), why: asked };
  if (wish === 'gpu') return { device: await (await findGpu()).open(), why: asked };
  let software: FoundGpu | undefined;
  let why: Extract<DeviceReason, { kind: 'softwareGpu' | 'noGpu' }>;
  try {
    const gpu = await findGpu();
    if (!gpu.isSoftware) return { device: await gpu.open(), why: { kind: 'realGpu' } };
    software = gpu;
    why = { kind: 'softwareGpu', adapter: gpu.name };
  } catch (error) {
    why = { kind: 'noGpu', fault: faultOf(error) };
  }
  try {
    return { device: await openCpu(), why };
  } catch (error) {
    const fault = faultOf(error);
    if (software) return { device: await software.open(), why: { kind: 'noCpu', fault } };
    throw new NoDeviceError(why.kind === 'noGpu' ? why.fault : why.adapter, fault);
  }
}
