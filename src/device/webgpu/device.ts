// The device that WebGPU gives: asked for with everything the adapter can give.
import type { BufferRange, Device, Program, Readback, ShaderSources, Shaders } from '../contract';
import type { Dispatch } from '../dispatch';
import { DeviceTooSmallError } from '../errors';
import { FEATURES } from '../limits';
import { OPEN_LIMIT_MS, withinLimit } from '../patience';
import { Connection } from './connection';
import { KernelCache } from './kernel';
import { WebGpuProgram } from './program';
import { WebGpuReadback } from './readback';
import { VariantTests } from './variants';

const WANTED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
] as const;
const MINIMUM_STORAGE_BUFFERS = 8;

/** An adapter that was found. */
interface Adapter {
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
  readonly name: string;
  readonly isSoftware: boolean;
}

export class WebGpuDevice extends Connection implements Device {
  readonly isDryRun = false;
  readonly kernels: KernelCache;

  private constructor(found: Adapter, gpu: GPUDevice, sources: ShaderSources, selfTests: Shaders['selfTests']) {
    super(found.gpu, gpu, found.name, found.isSoftware);
    this.kernels = new KernelCache(this, sources, selfTests && new VariantTests(this, selfTests));
  }

  /** @throws DeviceTooSmallError below the limits every WebGPU device has. */
  static async open(found: Adapter, { sources, selfTests }: Shaders): Promise<WebGpuDevice> {
    const { adapter } = found;
    const storageBuffers = adapter.limits.maxStorageBuffersPerShaderStage;
    if (storageBuffers < MINIMUM_STORAGE_BUFFERS) {
      throw new DeviceTooSmallError(
        'maxStorageBuffersPerShaderStage',
        storageBuffers,
        MINIMUM_STORAGE_BUFFERS,
        'Use a device with full WebGPU.',
      );
    }
    const text = await sources();
    const asked = adapter.requestDevice({
      label: 'Soliloquy',
      requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(WANTED_LIMITS.map((name) => [name, adapter.limits[name]])),
    });
    const device = await withinLimit(asked, 'a device', OPEN_LIMIT_MS);
    return new WebGpuDevice(found, device, text, selfTests);
  }

  compile(label: string, dispatches: readonly Dispatch<BufferRange>[]): Promise<Program> {
    return WebGpuProgram.compile(this.kernels, label, dispatches);
  }

  createReadback(): Readback {
    return new WebGpuReadback(this);
  }
}
