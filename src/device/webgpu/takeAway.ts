// For tests: a device that is taken away by somebody else.
import type { Shaders } from '../contract';
import type { WebGpuDevice } from './device';
import { openInNode } from './nodeGpu';

/** What opens a device, and what destroys the last that it opened. */
export function deviceToTakeAway(): { openDevice: typeof openInNode; takeAway(): void } {
  let last: WebGpuDevice | undefined;
  const openDevice = async (shaders: Shaders) => {
    last = await openInNode(shaders);
    return last;
  };
  return { openDevice, takeAway: () => last?.gpu.destroy() };
}
