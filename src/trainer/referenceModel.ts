// The reference model of the KL term: a copy of the weights on the same device, moved toward the model at times.

import { whole } from '../device/contract';
import type { Runtime } from '../engine/runtime';
import { mix } from '../kernels/elementwise/pointwise';
import { Weights } from '../model/weights';

export interface ReferenceModel {
  readonly weights: Weights;
  /** y ← α·model + (1 − α)·y over all parameters. */
  sync(): void;
  destroy(): void;
}

/** A reference equal to the weights now. @param s.alpha ref_model_mixup_alpha. @param s.isHalf as Weights.setHalfPrecision. */
export async function createReference(
  runtime: Runtime,
  weights: Weights,
  s: { readonly alpha: number; readonly isHalf: boolean },
): Promise<ReferenceModel> {
  const reference = await Weights.allocate(runtime.device, weights.architecture, false, 'Reference');
  await reference.setHalfPrecision(s.isHalf);
  reference.copyFrom(weights);
  const bindings = { x: whole(weights.pool), y: whole(reference.pool) };
  const dispatch = mix('Reference.sync', weights.layout.poolSize, s.alpha, bindings);
  const program = await runtime.device.compile('Reference.sync', [dispatch]);
  return {
    weights: reference,
    sync: () => {
      program.submit();
      reference.poolChanged();
    },
    destroy: () => {
      program.destroy();
      reference.destroy();
    },
  };
}
