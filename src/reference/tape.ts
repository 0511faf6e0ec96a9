// Reverse-mode differentiation over the references: each operation computes its value at once and leaves behind how to hand
// its gradient on. Only model.ts needs it, so that the reference model is written once and differentiates itself.
import { addScaled, type Numbers } from './array';

/** A value and the gradient that has reached it so far. */
export interface Tensor {
  readonly data: Float64Array;
  readonly grad: Float64Array;
}

/** A tensor that nothing has differentiated yet. */
export function tensor(data: Numbers): Tensor {
  return { data: Float64Array.from(data), grad: new Float64Array(data.length) };
}

/** x.grad += gradient. */
export function accumulate(x: Tensor, gradient: Numbers): void {
  addScaled(x.grad, 0, 1, gradient, 0, gradient.length);
}

export class Tape {
  readonly #backward: (() => void)[] = [];

  /** Records an operation: its value, and what to do with the value's gradient once that is complete. */
  record(data: Float64Array, backward: (dy: Float64Array) => void): Tensor {
    const result = tensor(data);
    this.#backward.push(() => backward(result.grad));
    return result;
  }

  /** Hands gradients on from the last operation to the first. */
  backward(): void {
    for (const step of this.#backward.toReversed()) step();
  }
}
