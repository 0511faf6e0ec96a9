// Is an analytic gradient the derivative of its function? Compared with central differences in f64.
import { expectClose } from './close';

/** The step that balances the difference's truncation (∝ h²) against f64 rounding (∝ 1/h). */
const STEP = 1e-5;

/** The gradient of `loss` at x by central differences, one pair of evaluations a number. */
export function numericGradient(loss: (x: Float64Array) => number, x: Float64Array): Float64Array {
  return x.map((value, i) => {
    const nudged = (by: number) => {
      const copy = Float64Array.from(x);
      copy[i] = value + by;
      return loss(copy);
    };
    return (nudged(STEP) - nudged(-STEP)) / (2 * STEP);
  });
}

/** Throws unless `analytic` is the gradient of `loss` at x. */
export function expectGradient(analytic: ArrayLike<number>, loss: (x: Float64Array) => number, x: Float64Array): void {
  expectClose(analytic, numericGradient(loss, x), {
    relative: 1e-7,
    absolute: 1e-9,
    because: 'central differences with a step of 1e-5 in f64',
  });
}

/** Turns a function with many outputs into a scalar one: Σ cotangent · f(x), whose gradient is f's backward of cotangent. */
export function weighted(outputs: ArrayLike<number>, cotangent: ArrayLike<number>): number {
  return Array.from(outputs).reduce((total, value, i) => total + value * Number(cotangent[i]), 0);
}
