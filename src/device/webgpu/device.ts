// The device that WebGPU gives: asked for with everything the adapter can give.
import type { FoundGpu } from '../chooseDevice';
import type { BufferRange, Device, Program, Readback, Shaders } from '../contract';
import type { Dispatch } from '../dispatch';
import { DeviceTooSmallError, WebGpuMissingError } from '../errors';
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

/** In the names of adapters that are programs; not every one says of itself that it is a fallback. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|warp|basic render/i;

/** WebGPU's adapter, not opened yet. */
interface FoundAdapter extends FoundGpu {
  open(): Promise<WebGpuDevice>;
}

export class WebGpuDevice extends Connection implements Device {
  readonly isDryRun = false;
  readonly kernels: KernelCache;

  private constructor(instance: GPU, gpu: GPUDevice, name: string, isSoftware: boolean, shaders: Shaders) {
    super(instance, gpu, name, isSoftware);
    const { sources, selfTests } = shaders;
    this.kernels = new KernelCache(this, sources, selfTests && new VariantTests(this, selfTests));
  }

  /**
   * The best adapter, not opened yet.
   * @throws WebGpuMissingError without WebGPU or adapter.
   */
  static async find(gpu: GPU | undefined, shaders: Shaders): Promise<FoundAdapter> {
    if (!gpu) {
      throw new WebGpuMissingError('This browser has no WebGPU.', 'Use Chrome or Edge 121 or newer, or Safari 26.');
    }
    const adapter = await withinLimit(
      gpu.requestAdapter({ powerPreference: 'high-performance' }),
      'an adapter',
      OPEN_LIMIT_MS,
    );
    if (!adapter) {
      throw new WebGpuMissingError(
        'WebGPU is here, but it found no graphics device.',
        'Turn on hardware acceleration in the browser’s settings, update the graphics driver, then restart the browser.',
      );
    }
    const { vendor, architecture, description } = adapter.info;
    const name = description || [vendor, architecture].filter(Boolean).join(' / ') || 'unnamed device';
    const isSoftware = adapter.info.isFallbackAdapter || SOFTWARE.test(`${name} ${vendor} ${architecture}`);
    return { name, isSoftware, open: () => WebGpuDevice.#open(gpu, adapter, name, isSoftware, shaders) };
  }

  /**
   * Opens a device on the best adapter.
   * @throws WebGpuMissingError without WebGPU or adapter; DeviceTooSmallError below the limits every WebGPU device has.
   */
  static async open(gpu: GPU | undefined, shaders: Shaders): Promise<WebGpuDevice> {
    return (await WebGpuDevice.find(gpu, shaders)).open();
  }

  static async #open(
    gpu: GPU,
    adapter: GPUAdapter,
    name: string,
    isSoftware: boolean,
    shaders: Shaders,
  ): Promise<WebGpuDevice> {
    const found = adapter.limits.maxStorageBuffersPerShaderStage;
    if (found < MINIMUM_STORAGE_BUFFERS) {
      throw new DeviceTooSmallError(
        'maxStorageBuffersPerShaderStage',
        found,
        MINIMUM_STORAGE_BUFFERS,
        'Use a device with full WebGPU.',
      );
    }
    const asked = adapter.requestDevice({
      label: 'Soliloquy',
      requiredFeatures: FEATURES.filter((feature) => adapter.features.has(feature)),
      requiredLimits: Object.fromEntries(WANTED_LIMITS.map((name) => [name, adapter.limits[name]])),
    });
    const device = await withinLimit(asked, 'a device', OPEN_LIMIT_MS);
    return new WebGpuDevice(gpu, device, name, isSoftware, shaders);
  }

  compile(label: string, dispatches: readonly Dispatch<BufferRange>[]): Promise<Program> {
    return WebGpuProgram.compile(this.kernels, label, dispatches);
  }

  createReadback(): Readback {
    return new WebGpuReadback(this);
  }
}

/** The browser's graphics device. @throws WebGpuMissingError where it has none. */
export function findInBrowser(shaders: Shaders): Promise<FoundGpu> {
  return WebGpuDevice.find(navigator.gpu, shaders);
}
