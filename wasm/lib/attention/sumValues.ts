// Sums of the rows of a cache, each query with weights of its own.
import { LANES, madd, splat, STEP, vload, vloadSplat, vstore } from '../vector';

/** From the weights of one query to those of the next, in bytes. */
export const WEIGHTS_BYTES: usize = 1024;

/** Row i of sums = (isFirst ? 0 : what it is) + Σ_j weights[i][j] · value_j. Strides are in numbers. */
export function sumValues(
  sums: usize,
  sumsStride: u32,
  count: u32,
  width: u32,
  isFirst: bool,
  weights: usize,
  values: usize,
  stride: u32,
  numValues: u32,
): void {
  const step = <usize>stride << 2;
  const sumsStep = <usize>sumsStride << 2;
  const size = <usize>numValues << 2;
  let i: u32 = 0;
  for (; i + 4 <= count; i += 4) {
    const y = sums + <usize>i * sumsStep;
    sumOfFour(y, sumsStep, width, isFirst, weights + <usize>i * WEIGHTS_BYTES, values, step, size);
  }
  for (; i < count; i++) {
    sumOfOne(sums + <usize>i * sumsStep, width, isFirst, weights + <usize>i * WEIGHTS_BYTES, values, step, size);
  }
}

function sumOfFour(
  y: usize,
  yStep: usize,
  width: u32,
  isFirst: bool,
  weights: usize,
  values: usize,
  step: usize,
  size: usize,
): void {
  let c: u32 = 0;
  for (; c + 2 * LANES <= width; c += 2 * LANES, y += 2 * STEP, values += 2 * STEP) {
    const y1 = y + yStep;
    const y2 = y1 + yStep;
    const y3 = y2 + yStep;
    let s00 = splat(0);
    let s01 = splat(0);
    let s10 = splat(0);
    let s11 = splat(0);
    let s20 = splat(0);
    let s21 = splat(0);
    let s30 = splat(0);
    let s31 = splat(0);
    if (!isFirst) {
      s00 = vload(y);
      s01 = vload(y + STEP);
      s10 = vload(y1);
      s11 = vload(y1 + STEP);
      s20 = vload(y2);
      s21 = vload(y2 + STEP);
      s30 = vload(y3);
      s31 = vload(y3 + STEP);
    }
    let x = values;
    for (let w = weights, end = weights + size; w < end; w += 4, x += step) {
      const x0 = vload(x);
      const x1 = vload(x + STEP);
      const w0 = vloadSplat(w);
      const w1 = vloadSplat(w + WEIGHTS_BYTES);
      const w2 = vloadSplat(w + 2 * WEIGHTS_BYTES);
      const w3 = vloadSplat(w + 3 * WEIGHTS_BYTES);
      s00 = madd(w0, x0, s00);
      s01 = madd(w0, x1, s01);
      s10 = madd(w1, x0, s10);
      s11 = madd(w1, x1, s11);
      s20 = madd(w2, x0, s20);
      s21 = madd(w2, x1, s21);
      s30 = madd(w3, x0, s30);
      s31 = madd(w3, x1, s31);
    }
    vstore(y, s00);
    vstore(y + STEP, s01);
    vstore(y1, s10);
    vstore(y1 + STEP, s11);
    vstore(y2, s20);
    vstore(y2 + STEP, s21);
    vstore(y3, s30);
    vstore(y3 + STEP, s31);
  }
  if (c == width) return;
  for (let i: usize = 0; i < 4; i++) {
    sumOfOne(y + i * yStep, width - c, isFirst, weights + i * WEIGHTS_BYTES, values, step, size);
  }
}

function sumOfOne(
  y: usize,
  width: u32,
  isFirst: bool,
  weights: usize,
  values: usize,
  step: usize,
  size: usize,
): void {
  const weightsEnd = weights + size;
  let c: u32 = 0;
  for (; c + 4 * LANES <= width; c += 4 * LANES, y += 4 * STEP, values += 4 * STEP) {
    let s0 = splat(0);
    let s1 = splat(0);
    let s2 = splat(0);
    let s3 = splat(0);
    if (!isFirst) {
      s0 = vload(y);
      s1 = vload(y + STEP);
      s2 = vload(y + 2 * STEP);
      s3 = vload(y + 3 * STEP);
    }
    let x = values;
    for (let w = weights; w < weightsEnd; w += 4, x += step) {
      const weight = vloadSplat(w);
      s0 = madd(weight, vload(x), s0);
      s1 = madd(weight, vload(x + STEP), s1);
      s2 = madd(weight, vload(x + 2 * STEP), s2);
      s3 = madd(weight, vload(x + 3 * STEP), s3);
    }
    vstore(y, s0);
    vstore(y + STEP, s1);
    vstore(y + 2 * STEP, s2);
    vstore(y + 3 * STEP, s3);
  }
  for (; c + LANES <= width; c += LANES, y += STEP, values += STEP) {
    let s = splat(0);
    if (!isFirst) s = vload(y);
    let x = values;
    for (let w = weights; w < weightsEnd; w += 4, x += step) s = madd(vloadSplat(w), vload(x), s);
    vstore(y, s);
  }
  for (; c < width; c++, y += 4, values += 4) {
    let s: f32 = isFirst ? 0 : load<f32>(y);
    let x = values;
    for (let w = weights; w < weightsEnd; w += 4, x += step) s += load<f32>(w) * load<f32>(x);
    store<f32>(y, s);
  }
}
