// The gradient pool of weights on a device.
import type { Runtime } from '../../engine/runtime';
import { whole } from '../../gpu/device';
import { unpackParameters } from '../../model/parameters';
import type { Weights } from '../../model/weights';

/** By tensor name on disk. */
export async function readGradients(runtime: Runtime, weights: Weights) {
  const pool = await runtime.readback.readF32(whole(weights.gradient as GPUBuffer));
  return unpackParameters(weights.layout, pool.subarray(0, weights.layout.poolSize));
}

export function clearGradient(runtime: Runtime, weights: Weights): void {
  const encoder = runtime.device.gpu.createCommandEncoder({ label: 'Parity.clear' });
  encoder.clearBuffer(weights.gradient as GPUBuffer);
  runtime.device.gpu.queue.submit([encoder.finish()]);
}
