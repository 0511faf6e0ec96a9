// The gradient pool of weights on a device.

import { type DeviceBuffer, whole } from '../../device/contract';
import type { Runtime } from '../../engine/runtime';
import type { ModelConfig } from '../../model/config';
import { unpackParameters } from '../../model/parameters';
import type { Weights } from '../../model/weights';

/** By tensor name on disk. */
export async function readGradients(runtime: Runtime, weights: Weights) {
  const pool = await runtime.readback.readF32(whole(weights.gradient as DeviceBuffer));
  return unpackParameters(weights.layout, pool.subarray(0, weights.layout.poolSize));
}

type Gradients = Awaited<ReturnType<typeof readGradients>>;

/** Of the tensor that transformers calls `name`; empty where the model has none. A tied head has the embedding's gradient. */
export function gradientOnDisk(gradients: Gradients, name: string, config: ModelConfig): ArrayLike<number> {
  const isTiedHead = name === 'lm_head.weight' && config.tie_word_embeddings;
  return gradients.get(isTiedHead ? 'model.embed_tokens.weight' : name)?.data ?? [];
}

export function clearGradient(runtime: Runtime, weights: Weights): void {
  runtime.device.transfer('Parity.clear', [{ clear: whole(weights.gradient as DeviceBuffer) }]);
}
