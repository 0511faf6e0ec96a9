// From expert order back to token order, and the gradients.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';
import { inVectors, vectorsOf } from '../layout/vectors';

export interface CombineShape {
  readonly rows: number;
  readonly width: number;
  readonly topK: number;
}

/**
 * y (N, D) = Σ_k weights (N, K) · x[place (N, K)], weights of one if there are none, plus addend (N, D). x: sorted rows
 * (P, D).
 */
export function moeCombine<T>(
  s: CombineShape,
  bindings: { x: T; place: T; y: T; weights?: T; addend?: T | undefined },
): Dispatch<T> {
  const { constants, conditions } = inVectors({ WIDTH: s.width });
  const { addend, ...others } = bindings;
  const [weighted, plus] = [bindings.weights !== undefined, addend !== undefined];
  return {
    label: weighted ? 'Moe.combine' : 'Moe.gatherBackward',
    kernel: { shader: 'moe_combine', constants, conditions: { ...conditions, weighted, plus } },
    params: { rows: s.rows, top_k: s.topK },
    bindings: { ...others, ...(plus && { addend }) } as Record<string, T>,
    workgroups: grid(s.rows * constants.WIDTH),
  };
}

/** dx (P, D) = weights · dy by order (P). `rows` is P. */
export function moeCombineBackward<T>(s: CombineShape, bindings: { order: T; weights: T; dy: T; dx: T }): Dispatch<T> {
  const { constants, conditions } = inVectors({ WIDTH: s.width });
  return {
    label: 'Moe.combineBackward',
    kernel: { shader: 'moe_combine_backward', constants: { ...constants, TOP_K: s.topK }, conditions },
    params: { rows: s.rows },
    bindings,
    workgroups: grid(s.rows * constants.WIDTH),
  };
}

/** d_weights (N, K) = dy · x at each slot's place. */
export function moeWeightsBackward<T>(s: CombineShape, bindings: { x: T; place: T; dy: T; d_weights: T }): Dispatch<T> {
  const { perVector, conditions } = vectorsOf(s.width);
  return {
    label: 'Moe.weightsBackward',
    kernel: { shader: 'moe_weights_backward', constants: { TOP_K: s.topK }, conditions },
    params: { slots: s.rows * s.topK, width: s.width / perVector },
    bindings,
    workgroups: grid(s.rows * s.topK),
  };
}
