// What the projections of a decode step have in common: how they are cut into units, their rows of x normed in scratch
// memory, and what becomes of the products.
import { vsigmoid } from './exp';
import { inverseRms } from './rows';
import { scratch } from './scratch';
import { ceilDiv } from './types';
import { lane0, LANES, mul, splat, Vec, vload, vstore } from './vector';
import { loadWeight, vloadWeights } from './weights';

/** Multiplications that are worth a unit. */
export const WORK: u32 = 131072;
/** Rows of a unit, where they need not be more to be worth it. */
const ENOUGH_ROWS: u32 = 16;
const MOST_ROWS: u32 = 64;
const FEWEST_COLUMNS: u32 = 32;
const MOST_COLUMNS: u32 = 1024;

/** Numbers of a part of the scratch memory. */
const NORMED: u32 = 32768;
const PANEL: u32 = 14336;
const BESIDE: u32 = 16384;

/** A unit's rows of x, normed: one after the other. */
// @ts-ignore: decorator
@inline
export function normedRows(): usize {
  return scratch();
}

/** Room for a unit's products, beside those that are y. */
// @ts-ignore: decorator
@inline
export function beside(): usize {
  return scratch() + (<usize>NORMED << 2);
}

/** Room for the products of one row of a unit: where normedRows are not wanted. */
// @ts-ignore: decorator
@inline
export function products(): usize {
  return scratch();
}

/** Room for four rows of weights, as dots takes it: 0 where they do not fit. */
// @ts-ignore: decorator
@inline
export function panel(depth: u32): usize {
  return depth * 4 <= PANEL ? scratch() + (<usize>(NORMED + BESIDE) << 2) : 0;
}

/** The factor of RMSNorm of each of a unit's rows. */
// @ts-ignore: decorator
@inline
export function factors(): usize {
  return scratch() + (<usize>(NORMED + BESIDE + PANEL) << 2);
}

/** Rows of a unit, where x has so many. @param depth of a row's numbers; `work`: its multiplications for a column. */
export function rowsTogether(rows: u32, columns: u32, depth: u32, work: u32): u32 {
  const wanted = min(WORK / max<u32>(1, columns * work), BESIDE / max<u32>(1, columns));
  const most = min(max(ENOUGH_ROWS, min(wanted, MOST_ROWS)), NORMED / max<u32>(1, depth));
  return max<u32>(1, min(rows, most));
}

/** How many blocks columns are cut in, where each is `work` multiplications for each of so many rows. */
export function columnBlocks(rows: u32, columns: u32, work: u32): u32 {
  return ceilDiv(columns, max(FEWEST_COLUMNS, min(MOST_COLUMNS, WORK / max<u32>(1, rows * work))));
}

/** Columns of a block: a multiple of eight, so the last may have fewer, or none. */
export function columnsOfBlock(columns: u32, blocks: u32): u32 {
  return (ceilDiv(columns, max<u32>(1, blocks)) + 7) & ~7;
}

/** to = x · the norm's weights. Returns the factor of RMSNorm, which the products are multiplied by at last. */
export function normRow<W>(x: usize, norm: usize, depth: u32, epsilon: f32, to: usize): f32 {
  if (depth > NORMED) unreachable();
  let k: u32 = 0;
  for (; k + LANES <= depth; k += LANES) {
    const at = <usize>k << 2;
    vstore(to + at, mul(vload(x + at), vloadWeights<W>(norm, k)));
  }
  for (; k < depth; k++) {
    const at = <usize>k << 2;
    store<f32>(to + at, load<f32>(x + at) * loadWeight<W>(norm, k));
  }
  return inverseRms(x, depth, epsilon);
}

/** normRow of several rows into normedRows, their factors into factors. @param stride of x, in numbers */
export function normRows<W>(x: usize, stride: u32, rows: u32, norm: usize, depth: u32, epsilon: f32): void {
  for (let r: u32 = 0; r < rows; r++) {
    const to = normedRows() + (<usize>(r * depth) << 2);
    const factor = normRow<W>(x + (<usize>(r * stride) << 2), norm, depth, epsilon, to);
    store<f32>(factors() + (<usize>r << 2), factor);
  }
}

// @ts-ignore: decorator
@inline
function gated(gate: Vec, up: Vec, factor: Vec): Vec {
  const scaled = mul(gate, factor);
  return mul(mul(scaled, vsigmoid(scaled)), mul(up, factor));
}

/** y, which are gates, become silu(factor · y) · (factor · up). */
export function gateNumbers(y: usize, up: usize, factor: f32, count: u32): void {
  const factors = splat(factor);
  let c: u32 = 0;
  for (; c + LANES <= count; c += LANES) {
    const at = <usize>c << 2;
    vstore(y + at, gated(vload(y + at), vload(up + at), factors));
  }
  for (; c < count; c++) {
    const at = <usize>c << 2;
    store<f32>(y + at, lane0(gated(splat(load<f32>(y + at)), splat(load<f32>(up + at)), factors)));
  }
}
