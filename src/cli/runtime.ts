// WebGPU in Node: Dawn, the implementation that Chrome has.

import { WebGpuMissingError } from '../device/errors';
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
