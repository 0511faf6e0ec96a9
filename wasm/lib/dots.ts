// Products of rows with rows, y[r, c] = Σ_k x[r, k] · w[c, k], of which some are made at once. Each is added up in one order
// whatever is made beside it, so its bits are its own: LANES sums along k, these together (laneSum), then what is left of k.
import { LANES, laneSum, madd, splat, STEP, storeLaneSums, Vec, vload } from './vector';
import { loadWeight, vloadWeights, widenRow } from './weights';

/** From so many rows on, weights in half precision are made f32 once for all of them. */
const WIDENED_ROWS: u32 = 3;

// @ts-ignore: decorator
@inline
function place(start: usize, i: u32): usize {
  return start + (<usize>i << 2);
}

// @ts-ignore: decorator
@inline
function bytesOf<W>(weights: u32): usize {
  return <usize>weights * sizeof<W>();
}

/**
 * LANES weights. @param at of the first after `start`, in bytes were they f32.
 */
// @ts-ignore: decorator
@inline
function lanesAt<W>(start: usize, at: usize): Vec {
  return vloadWeights<W>(start, <u32>(at >> 2));
}

/** Σ_k x[k] · w[k]. */
export function dot<W>(x: usize, w: usize, depth: u32): f32 {
  let sums: Vec = splat(0);
  let k: u32 = 0;
  for (; k + LANES <= depth; k += LANES) sums = madd(vload(place(x, k)), vloadWeights<W>(w, k), sums);
  let sum = laneSum(sums);
  for (; k < depth; k++) sum += load<f32>(place(x, k)) * loadWeight<W>(w, k);
  return sum;
}

/**
 * y (rows, columns) = x (rows, depth) · wᵀ, w (columns, depth). Strides are from row to row, in numbers.
 * @param panel room for four rows of w in f32, where it is of half precision and there are several rows of x; else 0
 */
export function dots<W>(
  x: usize,
  xStride: u32,
  rows: u32,
  w: usize,
  wStride: u32,
  columns: u32,
  depth: u32,
  y: usize,
  yStride: u32,
  panel: usize,
): void {
  if (sizeof<W>() == 2 && panel != 0 && rows >= WIDENED_ROWS) {
    for (let c: u32 = 0; c < columns; c += 4) {
      const some = min<u32>(4, columns - c);
      for (let i: u32 = 0; i < some; i++) widenRow<W>(w + bytesOf<W>((c + i) * wStride), depth, place(panel, i * depth));
      dots<f32>(x, xStride, rows, panel, depth, some, depth, place(y, c), yStride, 0);
    }
    return;
  }
  const pairs = rows & ~1;
  if (pairs) pairsOfRows<W>(x, xStride, pairs, w, wStride, columns, depth, y, yStride);
  if (pairs < rows) oneRow<W>(place(x, pairs * xStride), w, wStride, columns, depth, place(y, pairs * yStride));
}

/** Four rows of w for all rows of x, then the next. */
function pairsOfRows<W>(
  x: usize,
  xStride: u32,
  rows: u32,
  w: usize,
  wStride: u32,
  columns: u32,
  depth: u32,
  y: usize,
  yStride: u32,
): void {
  const step = bytesOf<W>(wStride);
  let c: u32 = 0;
  for (; c + 4 <= columns; c += 4) {
    const w0 = w + bytesOf<W>(c * wStride);
    for (let r: u32 = 0; r < rows; r += 2) {
      const x0 = place(x, r * xStride);
      const y0 = place(y, r * yStride + c);
      twoByFour<W>(x0, place(x0, xStride), w0, step, depth, y0, place(y0, yStride));
    }
  }
  for (; c < columns; c++) {
    const w0 = w + bytesOf<W>(c * wStride);
    for (let r: u32 = 0; r < rows; r++) store<f32>(place(y, r * yStride + c), dot<W>(place(x, r * xStride), w0, depth));
  }
}

function oneRow<W>(x: usize, w: usize, wStride: u32, columns: u32, depth: u32, y: usize): void {
  const step = bytesOf<W>(wStride);
  let c: u32 = 0;
  for (; c + 8 <= columns; c += 8) oneByEight<W>(x, w + bytesOf<W>(c * wStride), step, depth, place(y, c));
  for (; c + 4 <= columns; c += 4) oneByFour<W>(x, w + bytesOf<W>(c * wStride), step, depth, place(y, c));
  for (; c < columns; c++) store<f32>(place(y, c), dot<W>(x, w + bytesOf<W>(c * wStride), depth));
}

/** Adds to four products at y what is left over of k. @param step from row to row of w, in bytes */
// @ts-ignore: decorator
@inline
function addLeft<W>(x: usize, w: usize, step: usize, depth: u32, y: usize): void {
  for (let k = depth & ~(LANES - 1); k < depth; k++) {
    const value = load<f32>(place(x, k));
    for (let c: usize = 0; c < 4; c++) {
      const at = y + (c << 2);
      store<f32>(at, load<f32>(at) + value * loadWeight<W>(w + c * step, k));
    }
  }
}

function twoByFour<W>(x0: usize, x1: usize, w: usize, step: usize, depth: u32, y0: usize, y1: usize): void {
  const w1 = w + step;
  const w2 = w1 + step;
  const w3 = w2 + step;
  let a0: Vec = splat(0);
  let a1: Vec = splat(0);
  let a2: Vec = splat(0);
  let a3: Vec = splat(0);
  let b0: Vec = splat(0);
  let b1: Vec = splat(0);
  let b2: Vec = splat(0);
  let b3: Vec = splat(0);
  const end = <usize>(depth & ~(LANES - 1)) << 2;
  for (let at: usize = 0; at < end; at += STEP) {
    const a = vload(x0 + at);
    const b = vload(x1 + at);
    const m0 = lanesAt<W>(w, at);
    a0 = madd(a, m0, a0);
    b0 = madd(b, m0, b0);
    const m1 = lanesAt<W>(w1, at);
    a1 = madd(a, m1, a1);
    b1 = madd(b, m1, b1);
    const m2 = lanesAt<W>(w2, at);
    a2 = madd(a, m2, a2);
    b2 = madd(b, m2, b2);
    const m3 = lanesAt<W>(w3, at);
    a3 = madd(a, m3, a3);
    b3 = madd(b, m3, b3);
  }
  storeLaneSums(y0, a0, a1, a2, a3);
  storeLaneSums(y1, b0, b1, b2, b3);
  addLeft<W>(x0, w, step, depth, y0);
  addLeft<W>(x1, w, step, depth, y1);
}

function oneByEight<W>(x: usize, w: usize, step: usize, depth: u32, y: usize): void {
  const w1 = w + step;
  const w2 = w1 + step;
  const w3 = w2 + step;
  const w4 = w3 + step;
  const w5 = w4 + step;
  const w6 = w5 + step;
  const w7 = w6 + step;
  let a0: Vec = splat(0);
  let a1: Vec = splat(0);
  let a2: Vec = splat(0);
  let a3: Vec = splat(0);
  let a4: Vec = splat(0);
  let a5: Vec = splat(0);
  let a6: Vec = splat(0);
  let a7: Vec = splat(0);
  const end = <usize>(depth & ~(LANES - 1)) << 2;
  for (let at: usize = 0; at < end; at += STEP) {
    const a = vload(x + at);
    a0 = madd(a, lanesAt<W>(w, at), a0);
    a1 = madd(a, lanesAt<W>(w1, at), a1);
    a2 = madd(a, lanesAt<W>(w2, at), a2);
    a3 = madd(a, lanesAt<W>(w3, at), a3);
    a4 = madd(a, lanesAt<W>(w4, at), a4);
    a5 = madd(a, lanesAt<W>(w5, at), a5);
    a6 = madd(a, lanesAt<W>(w6, at), a6);
    a7 = madd(a, lanesAt<W>(w7, at), a7);
  }
  storeLaneSums(y, a0, a1, a2, a3);
  storeLaneSums(y + 16, a4, a5, a6, a7);
  addLeft<W>(x, w, step, depth, y);
  addLeft<W>(x, w4, step, depth, y + 16);
}

function oneByFour<W>(x: usize, w: usize, step: usize, depth: u32, y: usize): void {
  const w1 = w + step;
  const w2 = w1 + step;
  const w3 = w2 + step;
  let a0: Vec = splat(0);
  let a1: Vec = splat(0);
  let a2: Vec = splat(0);
  let a3: Vec = splat(0);
  const end = <usize>(depth & ~(LANES - 1)) << 2;
  for (let at: usize = 0; at < end; at += STEP) {
    const a = vload(x + at);
    a0 = madd(a, lanesAt<W>(w, at), a0);
    a1 = madd(a, lanesAt<W>(w1, at), a1);
    a2 = madd(a, lanesAt<W>(w2, at), a2);
    a3 = madd(a, lanesAt<W>(w3, at), a3);
  }
  storeLaneSums(y, a0, a1, a2, a3);
  addLeft<W>(x, w, step, depth, y);
}
