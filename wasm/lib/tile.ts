// The inner loop of every product of matrices: four rows of a meet a panel of b, a column of it after the other, so that each sum
// has the same bits whatever rows and columns are beside it. A panel has PANEL columns of b, laid out row by row.
import { LANES, madd, splat, STEP, Vec, vload, vloadSplat, vstore, add } from './vector';
import { loadWeight, vloadWeights } from './weights';

/** Columns of a panel. */
export const PANEL: u32 = 2 * LANES;
/** Rows that share what is read of a panel. */
export const TILE_ROWS: u32 = 4;

const FLOAT: usize = 4;
const PANEL_BYTES: usize = 2 * STEP;

// @ts-ignore: decorator
@inline
function put(at: usize, addend: usize, low: Vec, high: Vec): void {
  if (addend == 0) {
    vstore(at, low);
    vstore(at + STEP, high);
  } else {
    vstore(at, add(vload(addend), low));
    vstore(at + STEP, add(vload(addend + STEP), high));
  }
}

/**
 * Rows of a times a panel. The rows begin at a0 … a3; their numbers, of which there are `depth`, are `step` bytes apart.
 * Row i goes to y + i · stride, PANEL numbers, plus what is at addend + i · stride if there is an addend.
 */
export function tile4(
  a0: usize, a1: usize, a2: usize, a3: usize, step: usize,
  panel: usize, depth: u32, y: usize, addend: usize, stride: usize,
): void {
  let s00 = splat(0), s01 = splat(0);
  let s10 = splat(0), s11 = splat(0);
  let s20 = splat(0), s21 = splat(0);
  let s30 = splat(0), s31 = splat(0);
  for (const end = panel + <usize>depth * PANEL_BYTES; panel < end; panel += PANEL_BYTES) {
    const b0 = vload(panel);
    const b1 = vload(panel + STEP);
    const x0 = vloadSplat(a0);
    s00 = madd(x0, b0, s00);
    s01 = madd(x0, b1, s01);
    const x1 = vloadSplat(a1);
    s10 = madd(x1, b0, s10);
    s11 = madd(x1, b1, s11);
    const x2 = vloadSplat(a2);
    s20 = madd(x2, b0, s20);
    s21 = madd(x2, b1, s21);
    const x3 = vloadSplat(a3);
    s30 = madd(x3, b0, s30);
    s31 = madd(x3, b1, s31);
    a0 += step;
    a1 += step;
    a2 += step;
    a3 += step;
  }
  put(y, addend, s00, s01);
  put(y + stride, addend == 0 ? 0 : addend + stride, s10, s11);
  put(y + 2 * stride, addend == 0 ? 0 : addend + 2 * stride, s20, s21);
  put(y + 3 * stride, addend == 0 ? 0 : addend + 3 * stride, s30, s31);
}

/** As tile4, for one row. */
export function tile1(a: usize, step: usize, panel: usize, depth: u32, y: usize, addend: usize): void {
  let low = splat(0);
  let high = splat(0);
  for (const end = panel + <usize>depth * PANEL_BYTES; panel < end; panel += PANEL_BYTES) {
    const x = vloadSplat(a);
    low = madd(x, vload(panel), low);
    high = madd(x, vload(panel + STEP), high);
    a += step;
  }
  put(y, addend, low, high);
}

/**
 * Lays out a panel of b (depth, columns): columns `first` and following, `width` of them, then zeros. @param at number of
 * b's first element, `stride` elements from one of its rows to the next.
 */
export function packRows<W>(panel: usize, b: usize, at: u32, stride: u32, depth: u32, width: u32): void {
  for (let k: u32 = 0; k < depth; k++) {
    if (width == PANEL) {
      vstore(panel, vloadWeights<W>(b, at));
      vstore(panel + STEP, vloadWeights<W>(b, at + LANES));
    } else {
      vstore(panel, splat(0));
      vstore(panel + STEP, splat(0));
      for (let c: u32 = 0; c < width; c++) store<f32>(panel + c * FLOAT, loadWeight<W>(b, at + c));
    }
    panel += PANEL_BYTES;
    at += stride;
  }
}

/** As packRows, of b (columns, depth), turned. */
export function packTurned<W>(panel: usize, b: usize, at: u32, stride: u32, depth: u32, width: u32): void {
  let k: u32 = 0;
  if (LANES == 4 && width == PANEL) {
    for (; k + 4 <= depth; k += 4) {
      turn4<W>(panel, b, at + k, stride);
      turn4<W>(panel + STEP, b, at + 4 * stride + k, stride);
      panel += 4 * PANEL_BYTES;
    }
  }
  for (; k < depth; k++) {
    for (let c: u32 = 0; c < PANEL; c++) {
      store<f32>(panel + c * FLOAT, c < width ? loadWeight<W>(b, at + c * stride + k) : 0);
    }
    panel += PANEL_BYTES;
  }
}

/** Four rows of four numbers, turned into rows of a panel. */
// @ts-ignore: decorator
@inline
function turn4<W>(to: usize, b: usize, at: u32, stride: u32): void {
  if (LANES == 4) {
    const r0 = vloadWeights<W>(b, at);
    const r1 = vloadWeights<W>(b, at + stride);
    const r2 = vloadWeights<W>(b, at + 2 * stride);
    const r3 = vloadWeights<W>(b, at + 3 * stride);
    const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
    const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
    const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
    const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<f64>(low01, low23, 0, 2));
    v128.store(to + PANEL_BYTES, v128.shuffle<f64>(low01, low23, 1, 3));
    v128.store(to + 2 * PANEL_BYTES, v128.shuffle<f64>(high01, high23, 0, 2));
    v128.store(to + 3 * PANEL_BYTES, v128.shuffle<f64>(high01, high23, 1, 3));
  }
}
