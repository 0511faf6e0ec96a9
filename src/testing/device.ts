// The device that a test computes on: the processor, or WebGPU where the project of the tests says so (vitest.config.ts).
import type { Device, OpenDevice } from '../device/contract';
import { openCpuInNode } from '../device/wasm/nodeCpu';
import type { CpuOptions } from '../device/wasm/options';
import { openInNode } from '../device/webgpu/nodeGpu';

/** Opens it. @param shaders for WebGPU. */
export const openTestDevice: OpenDevice = (shaders): Promise<Device> =>
  process.env.SOLILOQUY_TEST_DEVICE === 'gpu'
    ? openInNode(shaders)
    : openCpuInNode({ form: process.env.SOLILOQUY_TEST_FORM as CpuOptions['form'] });
