// WebGPU in Node: Dawn, the implementation that Chrome has. Not for the page.
import type { Shaders } from '../contract';
import { WebGpuMissingError } from '../errors';
import { WebGpuDevice } from './device';

const POLL_MS = 1;

/**
 * Dawn's module for Node looks for finished work in an endless setImmediate loop, which takes a whole core away from a
 * software adapter. It takes `setImmediate` from the global at every turn, so a timer in its place is enough.
 */
function calmPolling(): void {
  const calm = (callback: (...args: unknown[]) => void, ...args: unknown[]) => setTimeout(callback, POLL_MS, ...args);
  Object.assign(globalThis, { setImmediate: calm });
}

async function createGpu(): Promise<GPU> {
  try {
    const { create, globals } = await import('webgpu');
    Object.assign(globalThis, globals);
    calmPolling();
    return create([]);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const remedy = 'Install a Vulkan driver, and start the program with `npm run cli`.';
    throw new WebGpuMissingError(`WebGPU cannot be started here (${reason}).`, remedy, { cause });
  }
}

/** Opens Dawn's device. Throws WebGpuMissingError, also where Dawn cannot be loaded, or DeviceTooSmallError. */
export async function openInNode(shaders: Shaders): Promise<WebGpuDevice> {
  return WebGpuDevice.open(await createGpu(), shaders);
}
