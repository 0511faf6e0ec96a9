// The reference model of the KL term: a copy of the weights on the same device, moved toward the model at times.
import type { Runtime } from '../engine/runtime';
import { whole } from '../gpu/device';
import { Program } from '../gpu/program';
import { mix } from '../kernels/pointwise';
import { Weights } from '../model/weights';

export interface ReferenceModel {
  readonly weights: Weights;
  /** y ← α·model + (1 − α)·y over all parameters. */
  readonly sync: Program;
}

/** A reference equal to the weights now. @param alpha ref_model_mixup_alpha. */
export async function createReference(runtime: Runtime, weights: Weights, alpha: number): Promise<ReferenceModel> {
  const tensors = await weights.read(runtime.readback);
  const reference = await Weights.upload(runtime.device, weights.config, tensors, false);
  const bindings = { x: whole(weights.pool), y: whole(reference.pool) };
  const dispatch = mix('Reference.sync', weights.layout.poolSize, alpha, bindings);
  return { weights: reference, sync: await Program.compile(runtime.kernels, 'Reference.sync', [dispatch]) };
}
