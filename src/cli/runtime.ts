// What computes in Node: WebGPU by Dawn, the implementation that Chrome has, or the processor.
import { chooseDevice, DEVICE_WISHES, type DeviceReason, type DeviceWish } from '../device/chooseDevice';
import { WebGpuMissingError } from '../device/errors';
import { openCpuInNode } from '../device/wasm/nodeCpu';
import type { CpuOptions } from '../device/wasm/options';
import { findInNode, findRealInNode } from '../device/webgpu/nodeGpu';
import { createRuntime, type Runtime, SHADERS } from '../engine/runtime';
import { createNodeSandbox } from '../sandbox/nodeSandbox';
import type { Arguments, OptionSpec } from './command';
import { note } from './console';
import { tuningFile, tuningPath } from './tuningFile';

const REMEDY =
  'Leave out --device gpu, and the processor computes. For WebGPU install a Vulkan driver, or Chromium with ' +
  '`npx playwright install chromium` (it brings a driver in software), and start the program with `npm run cli`.';

/** Of every command that computes. */
export const DEVICE_OPTION = {
  device: {
    value: 'cpu|gpu',
    oneOf: DEVICE_WISHES,
    help: 'what computes (default: the GPU if there is a real one, else the processor)',
  },
} as const satisfies Readonly<Record<string, OptionSpec>>;

/**
 * Opens the device that --device asks for, else the one of the rule (chooseDevice.ts), and says why where that says something.
 * Throws WebGpuMissingError with a remedy for this machine.
 */
export async function openNodeRuntime(args: Arguments): Promise<Runtime> {
  const wish = DEVICE_WISHES.find((known) => known === args.text('device')) ?? 'auto';
  const { runtime, why } = await openWished(wish);
  const reason = reasonText(why);
  if (reason !== undefined) note(`Computing on the ${runtime.device.name}: ${reason}`);
  return runtime;
}

/** As the bench asks for it. Throws WebGpuMissingError with a remedy for this machine. */
export const openGpuRuntime = async (): Promise<Runtime> => (await openWished('gpu')).runtime;

/** Opens the processor. Throws SimdMissingError. */
export const openCpuRuntime = async (options: CpuOptions): Promise<Runtime> =>
  (await openWished('cpu', options)).runtime;

async function openWished(
  wish: DeviceWish,
  options: CpuOptions = {},
): Promise<{ runtime: Runtime; why: DeviceReason }> {
  try {
    const find = wish === 'auto' ? findRealInNode : findInNode;
    const sources = { findGpu: () => find(SHADERS), openCpu: () => openCpuInNode(options) };
    const { device, why } = await chooseDevice(wish, sources);
    return { runtime: createRuntime(device, createNodeSandbox(), tuningFile(tuningPath())), why };
  } catch (error) {
    if (error instanceof WebGpuMissingError) throw new WebGpuMissingError(error.userMessage, REMEDY, { cause: error });
    throw error;
  }
}

/** What is worth telling of why a device was taken. */
function reasonText(why: DeviceReason): string | undefined {
  switch (why.kind) {
    case 'softwareGpu':
      return `WebGPU has only ${why.adapter}, which computes in software; --device gpu takes it.`;
    case 'noGpu':
      return 'there is no GPU that WebGPU reaches.';
    case 'noCpu':
      return `the processor cannot be used (${why.fault}).`;
    default:
      return undefined;
  }
}
