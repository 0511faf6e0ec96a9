// A device with its readback, and a place for strangers' code: what everything that computes is given.
import type { Device, OpenDevice, Readback } from '../device/contract';
import { DryRun } from '../device/dryRun';
import { preferDefaults } from '../kernels/matmul/productTable';
import { selfTests } from '../kernels/selfTest/selfTests';
import { shaderSources } from '../kernels/shaders';
import type { Sandbox } from '../sandbox/sandbox';
import { Tuning, type TuningStore } from './tuning';

export interface Runtime {
  readonly device: Device;
  readonly readback: Readback;
  readonly sandbox: Sandbox;
  /** Settled before training programs are compiled. */
  readonly tuning: Tuning;
}

/**
 * Opens a device. Throws WebGpuMissingError or DeviceTooSmallError.
 * @param store keeps what was measured on the device; without it, that is measured anew.
 */
export async function openRuntime(openDevice: OpenDevice, sandbox: Sandbox, store?: TuningStore): Promise<Runtime> {
  const device = await openDevice({ sources: shaderSources, selfTests });
  preferDefaults(device);
  return { device, readback: device.createReadback(), sandbox, tuning: new Tuning(device, store) };
}

/** A runtime like another whose device is a dry run. */
export function dryRuntime(like: Runtime): Runtime {
  const device = new DryRun(like.device);
  return { ...like, device, readback: device.createReadback() };
}
