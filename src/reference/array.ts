// Plain arrays of numbers, read and written with bounds checked: an index that is off by one throws here instead of
// turning into NaN. A tensor is a flat array in row-major order with its shape in a comment beside it.

/** Anything the references read from: Float32Array from a device, Float64Array, or a literal. */
export type Numbers = ArrayLike<number>;

/** The number at `index`. Throws RangeError outside the array. */
export function at(x: Numbers, index: number): number {
  const value = x[index];
  if (value === undefined) throw new RangeError(`index ${index} is outside an array of ${x.length}`);
  return value;
}

/** x[index] += value. Throws RangeError outside the array. */
export function add(x: Float64Array, index: number, value: number): void {
  x[index] = at(x, index) + value;
}

/** Σ_i a[aStart + i] · b[bStart + i] over `count` numbers. */
export function dot(a: Numbers, aStart: number, b: Numbers, bStart: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += at(a, aStart + i) * at(b, bStart + i);
  return sum;
}

/** y[yStart + i] += scale · x[xStart + i] over `count` numbers. */
export function addScaled(y: Float64Array, yStart: number, scale: number, x: Numbers, xStart: number, count: number) {
  for (let i = 0; i < count; i++) add(y, yStart + i, scale * at(x, xStart + i));
}

/** Σ x. */
export function sum(x: Numbers): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += at(x, i);
  return total;
}

/**
 * The indices of the `count` largest of x[start .. start + length), relative to start, largest first; of equals the
 * lowest index first.
 */
export function largest(x: Numbers, start: number, length: number, count: number): number[] {
  const indices = Array.from({ length }, (_, i) => i);
  return indices.sort((i, j) => at(x, start + j) - at(x, start + i) || i - j).slice(0, count);
}

/** log Σ exp(x), with the largest number taken out so that nothing overflows. */
export function logSumExp(x: Numbers): number {
  let max = -Infinity;
  for (let i = 0; i < x.length; i++) max = Math.max(max, at(x, i));
  let total = 0;
  for (let i = 0; i < x.length; i++) total += Math.exp(at(x, i) - max);
  return max + Math.log(total);
}
