// Is an analytic gradient the derivative of its function? Compared with central differences in f64.
import { expectClose } from './close';

/** Small enough that the five-point rule's error (∝ h⁴) vanishes, large enough that f64 rounding (∝ 1/h) does too. */
const STEP = 1e-4;

/** The gradient of `loss` at x by central differences over five points (Fornberg 1988), four evaluations a number. */
export function numericGradient(loss: (x: Float64Array) => number, x: Float64Array): Float64Array {
  return x.map((value, i) => {
    const nudged = (steps: number) => {
      const copy = Float64Array.from(x);
      copy[i] = value + steps * STEP;
      return loss(copy);
    };
    return (8 * (nudged(1) - nudged(-1)) - (nudged(2) - nudged(-2))) / (12 * STEP);
  });
}

/** Throws unless `analytic` is the gradient of `loss` at x. */
export function expectGradient(analytic: ArrayLike<number>, loss: (x: Float64Array) => number, x: Float64Array): void {
  expectClose(analytic, numericGradient(loss, x), {
    relative: 1e-7,
    absolute: 1e-9,
    because: 'central differences with a step of 1e-4 in f64',
  });
}

/** Turns a function with many outputs into a scalar one: Σ cotangent · f(x), whose gradient is f's backward of cotangent. */
export function weighted(outputs: ArrayLike<number>, cotangent: ArrayLike<number>): number {
  return Array.from(outputs).reduce((total, value, i) => total + value * Number(cotangent[i]), 0);
}
