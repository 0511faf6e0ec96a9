// From expert order back to token order, and the gradients.
import type { Dispatch } from '../gpu/kernel';
import { grid } from './grid';

export interface CombineShape {
  readonly rows: number;
  readonly width: number;
  readonly topK: number;
}

/** y (N, D) = Σ_k weights (N, K) · x[place (N, K)], weights of one if there are none. x: sorted rows (P, D). */
export function moeCombine<T>(s: CombineShape, bindings: { x: T; place: T; y: T; weights?: T }): Dispatch<T> {
  return {
    label: bindings.weights === undefined ? 'Moe.gatherBackward' : 'Moe.combine',
    kernel: { shader: 'moe_combine', conditions: { weighted: bindings.weights !== undefined } },
    params: { rows: s.rows, width: s.width, top_k: s.topK },
    bindings: bindings as Record<string, T>,
    workgroups: grid(s.rows * s.width),
  };
}

/** dx (P, D) = weights · dy by order (P). `rows` is P. */
export function moeCombineBackward<T>(s: CombineShape, bindings: { order: T; weights: T; dy: T; dx: T }): Dispatch<T> {
  return {
    label: 'Moe.combineBackward',
    kernel: { shader: 'moe_combine_backward' },
    params: { rows: s.rows, width: s.width, top_k: s.topK },
    bindings,
    workgroups: grid(s.rows * s.width),
  };
}

/** d_weights (N, K) = dy · x at each slot's place. */
export function moeWeightsBackward<T>(s: CombineShape, bindings: { x: T; place: T; dy: T; d_weights: T }): Dispatch<T> {
  return {
    label: 'Moe.weightsBackward',
    kernel: { shader: 'moe_weights_backward' },
    params: { slots: s.rows * s.topK, width: s.width, top_k: s.topK },
    bindings,
    workgroups: grid(s.rows * s.topK),
  };
}
