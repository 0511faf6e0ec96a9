// The weighted sum of what a token's experts gave: y_n = Σ_k w_nk · expertOut[rows_nk]. A gather by the inverse of the sort, so
// every output is summed in one fixed order.
import { addScaled, at, dot, type Numbers } from './array';

/** expertOut (R, C), rows (N, K), weights (N, K) → y (N, C). */
export function moeCombine(expertOut: Numbers, rows: Numbers, weights: Numbers, topK: number, width: number) {
  const y = new Float64Array((rows.length / topK) * width);
  for (let slot = 0; slot < rows.length; slot++) {
    addScaled(y, Math.floor(slot / topK) * width, at(weights, slot), expertOut, at(rows, slot) * width, width);
  }
  return y;
}

/** dy (N, C) → dExpertOut (R, C), zero in padding rows, and dWeights (N, K). */
export function moeCombineBackward(
  dy: Numbers,
  expertOut: Numbers,
  rows: Numbers,
  weights: Numbers,
  topK: number,
  width: number,
): { dExpertOut: Float64Array; dWeights: Float64Array } {
  const dExpertOut = new Float64Array(expertOut.length);
  const dWeights = Float64Array.from(rows, (row, slot) => {
    const dyAt = Math.floor(slot / topK) * width;
    addScaled(dExpertOut, row * width, at(weights, slot), dy, dyAt, width);
    return dot(dy, dyAt, expertOut, row * width, width);
  });
  return { dExpertOut, dWeights };
}
