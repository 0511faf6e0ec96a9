// Rows of numbers, scaled and normed.
import { sumOfSquares } from './sums';
import { LANES, mul, splat, vload, vstore } from './vector';
import { loadWeight, vloadWeights } from './weights';

/** y *= factor. */
export function scaleNumbers(y: usize, factor: f32, count: u32): void {
  const factors = splat(factor);
  let c: u32 = 0;
  for (; c + LANES <= count; c += LANES) {
    const at = y + (<usize>c << 2);
    vstore(at, mul(vload(at), factors));
  }
  for (; c < count; c++) {
    const at = y + (<usize>c << 2);
    store<f32>(at, load<f32>(at) * factor);
  }
}

/** Multiplies rows by a number each. @param stride in bytes */
export function scaleRows(rows: usize, stride: usize, count: u32, width: u32, factors: usize): void {
  for (let i: usize = 0; i < <usize>count; i++) scaleNumbers(rows + i * stride, load<f32>(factors + (i << 2)), width);
}

/** 1 / √(mean square + epsilon), by which RMS norm multiplies. */
export function inverseRms(x: usize, width: u32, epsilon: f32): f32 {
  return 1 / sqrt<f32>(sumOfSquares(x, width) / <f32>width + epsilon);
}

/** y = weights · (factor · x). @param first of the weights, counted from `weights` on */
export function normNumbers<W>(x: usize, width: u32, factor: f32, weights: usize, first: u32, y: usize): void {
  const factors = splat(factor);
  let c: u32 = 0;
  for (; c + LANES <= width; c += LANES) {
    const at = <usize>c << 2;
    vstore(y + at, mul(vloadWeights<W>(weights, first + c), mul(vload(x + at), factors)));
  }
  for (; c < width; c++) {
    const at = <usize>c << 2;
    store<f32>(y + at, loadWeight<W>(weights, first + c) * (load<f32>(x + at) * factor));
  }
}
