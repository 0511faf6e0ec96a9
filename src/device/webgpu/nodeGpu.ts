// WebGPU in Node: Dawn, the implementation that Chrome has. Not for the page.
import { existsSync, readdirSync } from 'node:fs';
import type { FoundGpu } from '../chooseDevice';
import type { Shaders } from '../contract';
import { WebGpuMissingError } from '../errors';
import type { WebGpuDevice } from './device';
import { findAdapter } from './find';

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

/** Whether this machine may have a graphics processor: Linux shows one as a file, and no other system is asked. */
function mayHaveGpu(): boolean {
  if (process.platform !== 'linux') return true;
  const isRendered = existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD'));
  return isRendered || existsSync('/dev/nvidiactl') || existsSync('/dev/dxg');
}

/** As findInNode, where there may be a real one: Dawn takes long to load, and complains where it finds no driver. */
export async function findRealInNode(shaders: Shaders): Promise<FoundGpu> {
  if (mayHaveGpu()) return findInNode(shaders);
  throw new WebGpuMissingError('This machine has no graphics processor.', 'Leave out --device gpu.');
}

/** Dawn's adapter, not opened yet. Throws WebGpuMissingError, also where Dawn cannot be loaded. */
export async function findInNode(shaders: Shaders): Promise<FoundGpu> {
  return findAdapter(await createGpu(), shaders);
}

/** Opens Dawn's device. Throws WebGpuMissingError, also where Dawn cannot be loaded, or DeviceTooSmallError. */
export async function openInNode(shaders: Shaders): Promise<WebGpuDevice> {
  return (await findAdapter(await createGpu(), shaders)).open();
}
