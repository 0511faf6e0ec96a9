// A device with its kernels and readback, and a place for strangers' code: what everything that computes is given.
import { Device } from '../device/webgpu/device';
import { KernelCache, PaperKernels } from '../device/webgpu/kernel';
import { Readback } from '../device/webgpu/readback';
import { Twins } from '../device/webgpu/twins';
import { preferDefaults } from '../kernels/matmul/productTable';
import { selfTests } from '../kernels/selfTest/selfTests';
import { shaderSources } from '../kernels/shaders';
import type { Sandbox } from '../sandbox/sandbox';
import { Tuning, type TuningStore } from './tuning';

export interface Runtime {
  readonly device: Device;
  readonly kernels: KernelCache;
  readonly readback: Readback;
  readonly sandbox: Sandbox;
  /** Settled before training programs are compiled. */
  readonly tuning: Tuning;
}

/**
 * Opens the best device. Throws WebGpuMissingError or DeviceTooSmallError.
 * @param store keeps what was measured on the device; without it, that is measured anew.
 */
export async function openRuntime(gpu: GPU | undefined, sandbox: Sandbox, store?: TuningStore): Promise<Runtime> {
  const device = await Device.open(gpu);
  const kernels = new KernelCache(device, shaderSources, new Twins(device, selfTests));
  preferDefaults(kernels);
  return { device, kernels, readback: new Readback(device), sandbox, tuning: new Tuning(kernels, store) };
}

/** A runtime like another whose device is on paper. */
export function paperRuntime(like: Runtime): Runtime {
  const device = Device.onPaper(like.device);
  const kernels = new PaperKernels(device, like.kernels.sources);
  return { ...like, device, kernels, readback: new Readback(device) };
}
