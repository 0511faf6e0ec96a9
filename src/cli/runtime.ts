// WebGPU in Node: Dawn, the implementation that Chrome has.

import { WebGpuMissingError } from '../device/errors';
import { createNodeGpu } from '../device/webgpu/nodeGpu';
import { openRuntime, type Runtime } from '../engine/runtime';
import { createNodeSandbox } from '../sandbox/nodeSandbox';
import { tuningFile, tuningPath } from './tuningFile';

const REMEDY =
  'Install a Vulkan driver, or Chromium with `npx playwright install chromium` (it brings a driver in software), and start the program with `npm run cli`.';

/** Opens the graphics device. Throws WebGpuMissingError with a remedy for this machine. */
export async function openNodeRuntime(): Promise<Runtime> {
  let gpu: GPU;
  try {
    gpu = await createNodeGpu();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WebGpuMissingError(`WebGPU cannot be started here (${reason}).`, REMEDY, { cause });
  }
  try {
    return await openRuntime(gpu, createNodeSandbox(), tuningFile(tuningPath()));
  } catch (error) {
    if (error instanceof WebGpuMissingError) {
      throw new WebGpuMissingError('WebGPU found no graphics device.', REMEDY, { cause: error });
    }
    throw error;
  }
}
