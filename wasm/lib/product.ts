// y = a · b or a · bᵀ, plain or by expert: what matmul_nn, matmul_nt and matmul_scalar have in common. Written once for the
// arguments of all three.
import { scratch } from './scratch';
import { PANEL, packRows, packTurned, TILE_ROWS, tile1, tile4 } from './tile';
import { Address, ceilDiv, Condition, Constant, INVALID } from './types';

const FLOAT: usize = 4;
/** Rows of a unit: a panel is laid out once for so many. */
const MOST_ROWS: u32 = 256;
/** Multiply-adds that are worth a unit. */
const WORTHWHILE: u32 = 1 << 19;
/** Rows of a panel that find room in half of the scratch memory. */
const MOST_DEPTH: u32 = 4096;

/** What matmul_nn and matmul_nt take. */
@unmanaged
export class Product {
  a: Address;
  b: Address;
  y: Address;
  addend: Address;
  tile_expert: Address;
  row_of: Address;
  rows: u32;
  columns: u32;
  depth: u32;
  a_stride: u32;
  a_offset: u32;
  y_stride: u32;
  y_offset: u32;
  expert_stride: u32;
  num_experts: u32;
  grouped: Condition;
  gather: Condition;
  half: Condition;
  TILE_ROWS: Constant;
  SLOTS_PER_ROW: Constant;
}

function columnsOfUnit(rows: u32, columns: u32, depth: u32): u32 {
  const wanted = max<u32>(1, WORTHWHILE / max<u32>(1, min(rows, MOST_ROWS) * depth));
  return min(ceilDiv(columns, PANEL), ceilDiv(wanted, PANEL)) * PANEL;
}

export function productUnits<A>(args: A): u32 {
  const columns = columnsOfUnit(args.rows, args.columns, args.depth);
  return ceilDiv(args.rows, MOST_ROWS) * ceilDiv(args.columns, columns);
}

/** @param rowsOfTile rows that are of one expert together. @param isTurned b is (columns, depth). */
export function product<A>(args: A, unit: u32, rowsOfTile: u32, isTurned: bool): void {
  const columns = columnsOfUnit(args.rows, args.columns, args.depth);
  const across = ceilDiv(args.columns, columns);
  const firstRow = (unit / across) * MOST_ROWS;
  const endRow = min(args.rows, firstRow + MOST_ROWS);
  const firstColumn = (unit % across) * columns;
  const endColumn = min(args.columns, firstColumn + columns);
  if (!args.grouped) {
    block<A>(args, firstRow, endRow, firstColumn, endColumn, 0, isTurned);
    return;
  }
  let row = firstRow;
  while (row < endRow) {
    const expert = load<u32>(args.tile_expert + (<usize>(row / rowsOfTile) << 2));
    let end = row + rowsOfTile;
    while (end < endRow && load<u32>(args.tile_expert + (<usize>(end / rowsOfTile) << 2)) == expert) end += rowsOfTile;
    end = min(end, endRow);
    if (expert < args.num_experts) {
      block<A>(args, row, end, firstColumn, endColumn, expert * args.expert_stride, isTurned);
    }
    row = end;
  }
}

/** Some rows and columns of y, with one b. @param bAt number of its first element. */
function block<A>(
  args: A, firstRow: u32, endRow: u32, firstColumn: u32, endColumn: u32, bAt: u32, isTurned: bool,
): void {
  for (let column = firstColumn; column < endColumn; column += PANEL) {
    // The sums go on in y, block after block of the depth.
    for (let k: u32 = 0; k < args.depth; k += MOST_DEPTH) {
      const depth = min(MOST_DEPTH, args.depth - k);
      if (args.half) pack<A, u16>(args, bAt, column, k, depth, endColumn - column, isTurned);
      else pack<A, f32>(args, bAt, column, k, depth, endColumn - column, isTurned);
      rows<A>(args, firstRow, endRow, column, min(PANEL, endColumn - column), k, depth);
    }
  }
}

function pack<A, W>(args: A, bAt: u32, column: u32, k: u32, depth: u32, left: u32, isTurned: bool): void {
  const width = min(PANEL, left);
  if (isTurned) packTurned<W>(scratch(), args.b, bAt + column * args.depth + k, args.depth, depth, width);
  else packRows<W>(scratch(), args.b, bAt + k * args.columns + column, args.columns, depth, width);
}

/** Rows of a times the panel in scratch memory. @param k number of the panel's first row in b. */
function rows<A>(args: A, firstRow: u32, endRow: u32, column: u32, width: u32, k: u32, depth: u32): void {
  const panel = scratch();
  const yStride = <usize>args.y_stride << 2;
  const shift = <usize>(args.y_offset + column) << 2;
  const y = args.y + shift;
  const addend: usize = k > 0 ? y : args.addend == 0 ? 0 : args.addend + shift;
  let row = firstRow;
  for (; row + TILE_ROWS <= endRow && width == PANEL; row += TILE_ROWS) {
    const a0 = rowOf<A>(args, row);
    const a1 = rowOf<A>(args, row + 1);
    const a2 = rowOf<A>(args, row + 2);
    const a3 = rowOf<A>(args, row + 3);
    if (args.gather && (a0 == 0 || a1 == 0 || a2 == 0 || a3 == 0)) {
      for (let i: u32 = 0; i < TILE_ROWS; i++) oneRow<A>(args, row + i, panel, k, depth, y, addend, yStride, width);
      continue;
    }
    const shiftA = <usize>k << 2;
    const at = <usize>row * yStride;
    tile4(
      a0 + shiftA, a1 + shiftA, a2 + shiftA, a3 + shiftA, FLOAT,
      panel, depth, y + at, addend == 0 ? 0 : addend + at, yStride,
    );
  }
  for (; row < endRow; row++) oneRow<A>(args, row, panel, k, depth, y, addend, yStride, width);
}

/** Address of row `row` of a, 0 where it counts as zeros. */
// @ts-ignore: decorator
@inline
function rowOf<A>(args: A, row: u32): usize {
  let source = row;
  if (args.gather) {
    const slot = load<u32>(args.row_of + (<usize>row << 2));
    if (slot == INVALID) return 0;
    source = slot / args.SLOTS_PER_ROW;
  }
  return args.a + (<usize>(args.a_offset + source * args.a_stride) << 2);
}

function oneRow<A>(
  args: A, row: u32, panel: usize, k: u32, depth: u32, y: usize, addend: usize, yStride: usize, width: u32,
): void {
  const at = <usize>row * yStride;
  const a = rowOf<A>(args, row);
  // Behind the panel.
  const sums = panel + <usize>MOST_DEPTH * PANEL * FLOAT;
  if (a == 0) memory.fill(sums, 0, <usize>PANEL * FLOAT);
  else tile1(a + (<usize>k << 2), FLOAT, panel, depth, sums, 0);
  for (let c: usize = 0; c < <usize>width * FLOAT; c += FLOAT) {
    const sum = load<f32>(sums + c);
    store<f32>(y + at + c, addend == 0 ? sum : load<f32>(addend + at + c) + sum);
  }
}
