// RMS norm of each row: y = w · x / sqrt(mean(x²) + eps) (Zhang & Sennrich, arXiv 1910.07467).
import { add, at, dot, type Numbers } from './array';

function inverseRms(x: Numbers, start: number, width: number, eps: number): number {
  return 1 / Math.sqrt(dot(x, start, x, start, width) / width + eps);
}

/** x (N, D), weight (D) → y (N, D). */
export function rmsNorm(x: Numbers, weight: Numbers, eps: number): Float64Array {
  const width = weight.length;
  const y = new Float64Array(x.length);
  for (let start = 0; start < x.length; start += width) {
    const r = inverseRms(x, start, width, eps);
    for (let i = 0; i < width; i++) y[start + i] = at(weight, i) * at(x, start + i) * r;
  }
  return y;
}

/** dy (N, D) → dx (N, D) and dWeight (D). */
export function rmsNormBackward(
  dy: Numbers,
  x: Numbers,
  weight: Numbers,
  eps: number,
): { dx: Float64Array; dWeight: Float64Array } {
  const width = weight.length;
  const dx = new Float64Array(x.length);
  const dWeight = new Float64Array(width);
  for (let start = 0; start < x.length; start += width) {
    const r = inverseRms(x, start, width, eps);
    let projection = 0; // Σ dy · w · x: how much of the gradient points along x, whose length the norm removes
    for (let i = 0; i < width; i++) projection += at(dy, start + i) * at(weight, i) * at(x, start + i);
    for (let i = 0; i < width; i++) {
      const xi = at(x, start + i);
      dx[start + i] = r * at(dy, start + i) * at(weight, i) - (xi * r ** 3 * projection) / width;
      add(dWeight, i, at(dy, start + i) * xi * r);
    }
  }
  return { dx, dWeight };
}
