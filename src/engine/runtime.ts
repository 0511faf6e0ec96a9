// A device with its kernels and readback, and a place for strangers' code: what everything that computes is given.
import { Device } from '../gpu/device';
import { KernelCache } from '../gpu/kernel';
import { Readback } from '../gpu/readback';
import { Twins } from '../gpu/twins';
import { selfTests } from '../kernels/selfTests';
import { shaderSources } from '../kernels/shaders';
import type { Sandbox } from '../sandbox/sandbox';

export interface Runtime {
  readonly device: Device;
  readonly kernels: KernelCache;
  readonly readback: Readback;
  readonly sandbox: Sandbox;
}

/** Opens the best device. Throws WebGpuMissingError or DeviceTooSmallError. */
export async function openRuntime(gpu: GPU | undefined, sandbox: Sandbox): Promise<Runtime> {
  const device = await Device.open(gpu);
  const kernels = new KernelCache(device, shaderSources, new Twins(device, selfTests));
  return { device, kernels, readback: new Readback(device), sandbox };
}
