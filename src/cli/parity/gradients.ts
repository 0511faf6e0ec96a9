// The gradients of weights on a device.
import { type DeviceBuffer, whole } from '../../device/contract';
import type { Runtime } from '../../engine/runtime';
import { diskTensors } from '../../model/configJson';
import type { ModelDescription } from '../../model/description';
import type { Weights } from '../../model/weights';

/** By parameter name. */
export function readGradients(runtime: Runtime, weights: Weights) {
  return weights.readGradients(runtime.readback);
}

type Gradients = Awaited<ReturnType<typeof readGradients>>;

/** Of the tensor that transformers calls `name`; empty where the model has none. */
export function gradientOnDisk(gradients: Gradients, name: string, description: ModelDescription): ArrayLike<number> {
  return gradients.get(parameterOf(description, name))?.data ?? [];
}

/** The parameter that transformers calls `name`; empty where the model has none. */
export function parameterOf(description: ModelDescription, name: string): string {
  return diskTensors(description).find((tensor) => tensor.name === name)?.parameter ?? '';
}

export function clearGradient(runtime: Runtime, weights: Weights): void {
  const transfers = weights.pools.map(({ gradient }) => ({ clear: whole(gradient as DeviceBuffer) }));
  runtime.device.transfer('Parity.clear', transfers);
}
