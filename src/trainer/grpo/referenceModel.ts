// The reference model of the KL term: a copy of the weights on the same device, moved toward the model at times.

import { whole } from '../../device/contract';
import type { Runtime } from '../../engine/runtime';
import { mix } from '../../kernels/elementwise/pointwise';
import type { WeightPrecision } from '../../model/precision';
import { type ParameterPool, Weights } from '../../model/weights';

export interface ReferenceModel {
  readonly weights: Weights;
  /** y ← α·model + (1 − α)·y over all parameters. */
  sync(): void;
  destroy(): void;
}

/** A reference equal to the weights now. @param s.alpha ref_model_mixup_alpha. @param s.precision as Weights.setPrecision. */
export async function createReference(
  runtime: Runtime,
  weights: Weights,
  s: { readonly alpha: number; readonly precision: WeightPrecision },
): Promise<ReferenceModel> {
  const reference = await Weights.allocate(runtime.device, weights.architecture, false, 'Reference');
  await reference.setPrecision(s.precision);
  reference.copyFrom(weights);
  const dispatches = reference.pools.map((pool, i) => {
    const bindings = { x: whole((weights.pools[i] as ParameterPool).weights), y: whole(pool.weights) };
    return mix('Reference.sync', pool.size, s.alpha, bindings);
  });
  const program = await runtime.device.compile('Reference.sync', dispatches);
  return {
    weights: reference,
    sync: () => {
      program.submit();
      reference.poolsChanged();
    },
    destroy: () => {
      program.destroy();
      reference.destroy();
    },
  };
}
