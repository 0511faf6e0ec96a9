// WebGPU's adapter, found without what computes on it: that, its shaders and their linker come once it is opened.
import type { FoundGpu } from '../chooseDevice';
import type { Shaders } from '../contract';
import { WebGpuMissingError } from '../errors';
import { OPEN_LIMIT_MS, withinLimit } from '../patience';
import type { WebGpuDevice } from './device';

/** In the names of adapters that are programs; not every one says of itself that it is a fallback. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|warp|basic render/i;

/** WebGPU's adapter, not opened yet. */
interface FoundAdapter extends FoundGpu {
  /** @throws DeviceTooSmallError below the limits every WebGPU device has. */
  open(): Promise<WebGpuDevice>;
}

/**
 * The best adapter, not opened yet.
 * @throws WebGpuMissingError without WebGPU or adapter.
 */
export async function findAdapter(gpu: GPU | undefined, shaders: Shaders): Promise<FoundAdapter> {
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
  const open = async () => (await import('./device')).WebGpuDevice.open({ gpu, adapter, name, isSoftware }, shaders);
  return { name, isSoftware, open };
}

/** The browser's graphics device. @throws WebGpuMissingError where it has none. */
export function findInBrowser(shaders: Shaders): Promise<FoundGpu> {
  return findAdapter(navigator.gpu, shaders);
}
