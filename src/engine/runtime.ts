// A device with its readback, and a place for strangers' code: what everything that computes is given.
import type { Device, OpenDevice, Readback, Shaders } from '../device/contract';
import { DryRun } from '../device/dryRun';
import { preferDefaults } from '../kernels/matmul/productTable';
import { selfTests } from '../kernels/selfTest/selfTests';
import type { Sandbox } from '../sandbox/sandbox';
import { Tuning, type TuningStore } from './tuning';

export interface Runtime {
  readonly device: Device;
  readonly readback: Readback;
  readonly sandbox: Sandbox;
  /** Settled before training programs are compiled. */
  readonly tuning: Tuning;
}

/** What a graphics device computes with. */
export const SHADERS: Shaders = {
  sources: async () => (await import('../kernels/shaders')).shaderSources,
  selfTests,
};

/** @param store keeps what was measured on the device; without it, that is measured anew. */
export function createRuntime(device: Device, sandbox: Sandbox, store?: TuningStore): Runtime {
  // On the processor an operation has one form, whatever its alternatives on graphics devices.
  if (device.kind === 'gpu') preferDefaults(device);
  return { device, readback: device.createReadback(), sandbox, tuning: new Tuning(device, store) };
}

/** As createRuntime, on a device that is opened for it. Throws what `openDevice` throws. */
export async function openRuntime(openDevice: OpenDevice, sandbox: Sandbox, store?: TuningStore): Promise<Runtime> {
  return createRuntime(await openDevice(SHADERS), sandbox, store);
}

/** A runtime like another whose device is a dry run. */
export function dryRuntime(like: Runtime): Runtime {
  const device = new DryRun(like.device);
  return { ...like, device, readback: device.createReadback() };
}
