// What computes in Node: WebGPU by Dawn, the implementation that Chrome has, or the processor.

import { WebGpuMissingError } from '../device/errors';
import { openCpuInNode } from '../device/wasm/nodeCpu';
import type { CpuOptions } from '../device/wasm/options';
import { openInNode } from '../device/webgpu/nodeGpu';
import { openRuntime, type Runtime } from '../engine/runtime';
import { createNodeSandbox } from '../sandbox/nodeSandbox';
import { tuningFile, tuningPath } from './tuningFile';

const REMEDY =
  'Install a Vulkan driver, or Chromium with `npx playwright install chromium` (it brings a driver in ' +
  'software), and start the program with `npm run cli`.';

/** Opens the graphics device. Throws WebGpuMissingError with a remedy for this machine. */
export async function openNodeRuntime(): Promise<Runtime> {
  try {
    return await openRuntime(openInNode, createNodeSandbox(), tuningFile(tuningPath()));
  } catch (error) {
    if (error instanceof WebGpuMissingError) throw new WebGpuMissingError(error.userMessage, REMEDY, { cause: error });
    throw error;
  }
}

/** Opens the processor. Throws SimdMissingError. */
export const openCpuRuntime = (options: CpuOptions): Promise<Runtime> =>
  openRuntime(() => openCpuInNode(options), createNodeSandbox(), tuningFile(tuningPath()));
