// Attention by blocks. BLOCK rows lie side by side in the lanes of Vecs: queries that walk keys together or, for the gradient of
// keys, the other way round; what is walked is thus read once for all of them. Each lane sums in the order of the walk, so that a
// row has the same bits whatever else is in its block.
import { LANES, madd, mul, splat, STEP, storeTurned, vload, vloadSplat, vstore } from '../vector';

/** Rows side by side. A walked row has BLOCK numbers: one for each. */
export const BLOCK: u32 = 8;
export const BLOCK_BYTES: usize = 32;

/**
 * Lays rows out side by side, number c of all of them at to + c · BLOCK_BYTES.
 * @param stride bytes between rows
 * @param count of rows; the last also stands for those that are missing of BLOCK
 */
export function layOut(to: usize, from: usize, stride: usize, count: u32, width: u32, factor: f32): void {
  const last = count - 1;
  const factors = splat(factor);
  for (let i: u32 = 0; i < BLOCK; i += 4, to += 16) {
    const row0 = from + <usize>min(i, last) * stride;
    const row1 = from + <usize>min(i + 1, last) * stride;
    const row2 = from + <usize>min(i + 2, last) * stride;
    const row3 = from + <usize>min(i + 3, last) * stride;
    let target = to;
    let c: u32 = 0;
    for (; c + LANES <= width; c += LANES, target += <usize>LANES * BLOCK_BYTES) {
      const at = <usize>c << 2;
      const a = mul(vload(row0 + at), factors);
      const b = mul(vload(row1 + at), factors);
      storeTurned(target, BLOCK_BYTES, a, b, mul(vload(row2 + at), factors), mul(vload(row3 + at), factors));
    }
    for (; c < width; c++, target += BLOCK_BYTES) {
      const at = <usize>c << 2;
      store<f32>(target, load<f32>(row0 + at) * factor);
      store<f32>(target + 4, load<f32>(row1 + at) * factor);
      store<f32>(target + 8, load<f32>(row2 + at) * factor);
      store<f32>(target + 12, load<f32>(row3 + at) * factor);
    }
  }
}

/** The number of each of BLOCK rows at from + row · stride. */
export function layOutNumbers(to: usize, from: usize, stride: usize, count: u32): void {
  layOut(to, from, stride, count, 1, 1);
}

// @ts-ignore: decorator
@inline
function rowAt(walk: usize, r: u32): usize {
  return <usize>load<u32>(walk + (<usize>r << 2));
}

/**
 * Products of walked rows with those of a block: BLOCK numbers each, at to. There is room for a multiple of four of them. A
 * walked row is in two pieces, of which one may be empty.
 * @param walk numbers of the rows
 * @param a, b where the pieces of row 0 lie, in bytes between rows and numbers of a row
 */
export function products(
  to: usize,
  block: usize,
  walk: usize,
  count: u32,
  a: usize,
  aStride: usize,
  aWidth: u32,
  b: usize,
  bStride: usize,
  bWidth: u32,
): void {
  const last = count - 1;
  for (let r: u32 = 0; r < count; r += 4, to += 4 * BLOCK_BYTES) {
    const i0 = rowAt(walk, r);
    const i1 = rowAt(walk, min(r + 1, last));
    const i2 = rowAt(walk, min(r + 2, last));
    const i3 = rowAt(walk, min(r + 3, last));
    for (let part: usize = 0; part < BLOCK_BYTES; part += 2 * STEP) {
      let p0 = a + i0 * aStride;
      let p1 = a + i1 * aStride;
      let p2 = a + i2 * aStride;
      let p3 = a + i3 * aStride;
      let s00 = splat(0);
      let s01 = splat(0);
      let s10 = splat(0);
      let s11 = splat(0);
      let s20 = splat(0);
      let s21 = splat(0);
      let s30 = splat(0);
      let s31 = splat(0);
      let x = block + part;
      const all = x + <usize>(aWidth + bWidth) * BLOCK_BYTES;
      let end = x + <usize>aWidth * BLOCK_BYTES;
      while (true) {
        for (; x < end; x += BLOCK_BYTES) {
          const x0 = vload(x);
          const x1 = vload(x + STEP);
          const k0 = vloadSplat(p0);
          const k1 = vloadSplat(p1);
          const k2 = vloadSplat(p2);
          const k3 = vloadSplat(p3);
          s00 = madd(k0, x0, s00);
          s01 = madd(k0, x1, s01);
          s10 = madd(k1, x0, s10);
          s11 = madd(k1, x1, s11);
          s20 = madd(k2, x0, s20);
          s21 = madd(k2, x1, s21);
          s30 = madd(k3, x0, s30);
          s31 = madd(k3, x1, s31);
          p0 += 4;
          p1 += 4;
          p2 += 4;
          p3 += 4;
        }
        if (end == all) break;
        p0 = b + i0 * bStride;
        p1 = b + i1 * bStride;
        p2 = b + i2 * bStride;
        p3 = b + i3 * bStride;
        end = all;
      }
      const y = to + part;
      vstore(y, s00);
      vstore(y + STEP, s01);
      vstore(y + BLOCK_BYTES, s10);
      vstore(y + BLOCK_BYTES + STEP, s11);
      vstore(y + 2 * BLOCK_BYTES, s20);
      vstore(y + 2 * BLOCK_BYTES + STEP, s21);
      vstore(y + 3 * BLOCK_BYTES, s30);
      vstore(y + 3 * BLOCK_BYTES + STEP, s31);
    }
  }
}

/**
 * Sums of walked rows, weighed for each row of a block: row i of `to` = (isFirst ? 0 : what it is) + Σ_r weights[r][i] · row r.
 * @param weights BLOCK numbers for each walked row
 * @param from where row 0 of the walked ones lies
 */
export function accumulate(
  to: usize,
  toStride: usize,
  rows: u32,
  width: u32,
  isFirst: bool,
  weights: usize,
  walk: usize,
  count: u32,
  from: usize,
  fromStride: usize,
): void {
  const last = rows - 1;
  const walkEnd = walk + (<usize>count << 2);
  for (let i: u32 = 0; i < rows; i += 4, weights += 16) {
    let y0 = to + <usize>i * toStride;
    let y1 = to + <usize>min(i + 1, last) * toStride;
    let y2 = to + <usize>min(i + 2, last) * toStride;
    let y3 = to + <usize>min(i + 3, last) * toStride;
    let x = from;
    let c: u32 = 0;
    for (; c + 2 * LANES <= width; c += 2 * LANES) {
      let s00 = splat(0);
      let s01 = splat(0);
      let s10 = splat(0);
      let s11 = splat(0);
      let s20 = splat(0);
      let s21 = splat(0);
      let s30 = splat(0);
      let s31 = splat(0);
      if (!isFirst) {
        s00 = vload(y0);
        s01 = vload(y0 + STEP);
        s10 = vload(y1);
        s11 = vload(y1 + STEP);
        s20 = vload(y2);
        s21 = vload(y2 + STEP);
        s30 = vload(y3);
        s31 = vload(y3 + STEP);
      }
      let w = weights;
      for (let r = walk; r < walkEnd; r += 4, w += BLOCK_BYTES) {
        const p = x + <usize>load<u32>(r) * fromStride;
        const x0 = vload(p);
        const x1 = vload(p + STEP);
        const w0 = vloadSplat(w);
        const w1 = vloadSplat(w + 4);
        const w2 = vloadSplat(w + 8);
        const w3 = vloadSplat(w + 12);
        s00 = madd(w0, x0, s00);
        s01 = madd(w0, x1, s01);
        s10 = madd(w1, x0, s10);
        s11 = madd(w1, x1, s11);
        s20 = madd(w2, x0, s20);
        s21 = madd(w2, x1, s21);
        s30 = madd(w3, x0, s30);
        s31 = madd(w3, x1, s31);
      }
      // A row that stands for missing ones is stored as often, with the same numbers.
      vstore(y0, s00);
      vstore(y0 + STEP, s01);
      vstore(y1, s10);
      vstore(y1 + STEP, s11);
      vstore(y2, s20);
      vstore(y2 + STEP, s21);
      vstore(y3, s30);
      vstore(y3 + STEP, s31);
      x += 2 * STEP;
      y0 += 2 * STEP;
      y1 += 2 * STEP;
      y2 += 2 * STEP;
      y3 += 2 * STEP;
    }
    for (; c < width; c++) {
      let s0: f32 = isFirst ? 0 : load<f32>(y0);
      let s1: f32 = isFirst ? 0 : load<f32>(y1);
      let s2: f32 = isFirst ? 0 : load<f32>(y2);
      let s3: f32 = isFirst ? 0 : load<f32>(y3);
      let w = weights;
      for (let r = walk; r < walkEnd; r += 4, w += BLOCK_BYTES) {
        const value = load<f32>(x + <usize>load<u32>(r) * fromStride);
        s0 += load<f32>(w) * value;
        s1 += load<f32>(w + 4) * value;
        s2 += load<f32>(w + 8) * value;
        s3 += load<f32>(w + 12) * value;
      }
      store<f32>(y0, s0);
      store<f32>(y1, s1);
      store<f32>(y2, s2);
      store<f32>(y3, s3);
      x += 4;
      y0 += 4;
      y1 += 4;
      y2 += 4;
      y3 += 4;
    }
  }
}
