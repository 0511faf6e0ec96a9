// AdamW (Loshchilov & Hutter, arXiv 1711.05101) as torch.optim.AdamW computes it, after clipping by the global norm as
// torch.nn.utils.clip_grad_norm_ does.
import { at, dot, type Numbers } from './array';

export interface AdamwOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

/** One tensor's weights with Adam's running means of the gradient and of its square. */
export interface AdamwState {
  readonly weight: Float64Array;
  readonly m: Float64Array;
  readonly v: Float64Array;
}

/** The L2 norm of all gradients taken as one vector. */
export function globalNorm(grads: Iterable<Numbers>): number {
  let squares = 0;
  for (const grad of grads) squares += dot(grad, 0, grad, 0, grad.length);
  return Math.sqrt(squares);
}

/** What to multiply gradients by so that their norm is at most maxNorm: min(1, maxNorm / (norm + 1e-6)). */
export function clipScale(norm: number, maxNorm: number): number {
  return Math.min(1, maxNorm / (norm + 1e-6));
}

/** Updates weight, m and v in place with gradient `grad · gradScale`. `step` counts from 1. */
export function adamw(state: AdamwState, grad: Numbers, gradScale: number, step: number, options: AdamwOptions): void {
  const { learningRate, beta1, beta2, epsilon, weightDecay } = options;
  const { weight, m, v } = state;
  const correction1 = 1 - beta1 ** step;
  const correction2 = 1 - beta2 ** step;
  for (let i = 0; i < weight.length; i++) {
    const g = at(grad, i) * gradScale;
    const mean = beta1 * at(m, i) + (1 - beta1) * g;
    const square = beta2 * at(v, i) + (1 - beta2) * g * g;
    const decayed = at(weight, i) * (1 - learningRate * weightDecay);
    m[i] = mean;
    v[i] = square;
    weight[i] = decayed - (learningRate * (mean / correction1)) / (Math.sqrt(square / correction2) + epsilon);
  }
}
