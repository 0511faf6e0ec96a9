// y = aᵀ · b, plain or by segment: what matmul_tn and matmul_tn_scalar have in common.
import { scratch } from './scratch';
import { PANEL, packRows, TILE_ROWS, tile1, tile4 } from './tile';
import { Address, ceilDiv, Condition, Constant } from './types';
import { LANES, STEP, vload, vstore } from './vector';

const FLOAT: usize = 4;
/** Rows that are laid out at a time; the sums go on in y. */
const BLOCK: u32 = 128;
/** Columns of a that are laid out at a time. */
const MOST_COLUMNS_A: u32 = 256;
/** Columns of b that are worth laying out those of a. */
const LEAST_COLUMNS: u32 = 64;
/** Multiply-adds that are worth a unit. */
const WORTHWHILE: u32 = 1 << 19;

// Scratch memory: TILE_ROWS columns of a after the other, then a panel of b, then sums.
const PANEL_AT: usize = <usize>BLOCK * MOST_COLUMNS_A * FLOAT;
const SUMS_AT: usize = PANEL_AT + <usize>BLOCK * PANEL * FLOAT;

@unmanaged
export class OuterProduct {
  a: Address;
  b: Address;
  y: Address;
  offsets: Address;
  counts: Address;
  row_of: Address;
  rows: u32;
  columns_a: u32;
  columns_b: u32;
  a_stride: u32;
  a_offset: u32;
  b_stride: u32;
  b_offset: u32;
  segments: u32;
  parts: u32;
  grouped: Condition;
  gather: Condition;
  grow: Condition;
  SLOTS_PER_ROW: Constant;
}

function columnsOfUnit(args: OuterProduct): u32 {
  const rows = max<u32>(1, args.rows / (args.segments * args.parts));
  const wanted = max<u32>(LEAST_COLUMNS, WORTHWHILE / max<u32>(1, min(args.columns_a, MOST_COLUMNS_A) * rows));
  return min(ceilDiv(args.columns_b, PANEL), ceilDiv(wanted, PANEL)) * PANEL;
}

export function outerProductUnits(args: OuterProduct): u32 {
  const blocks = ceilDiv(args.columns_a, MOST_COLUMNS_A) * ceilDiv(args.columns_b, columnsOfUnit(args));
  return args.segments * args.parts * blocks;
}

export function outerProduct(args: OuterProduct, unit: u32): void {
  const columns = columnsOfUnit(args);
  const across = ceilDiv(args.columns_b, columns);
  const down = ceilDiv(args.columns_a, MOST_COLUMNS_A);
  const firstB = (unit % across) * columns;
  const firstA = ((unit / across) % down) * MOST_COLUMNS_A;
  const whole = unit / across / down;
  const segment = whole / args.parts;
  const part = whole % args.parts;
  const first: u32 = args.grouped ? load<u32>(args.offsets + (<usize>segment << 2)) : 0;
  const count = args.grouped ? load<u32>(args.counts + (<usize>segment << 2)) : args.rows;
  const length = ceilDiv(count, args.parts);
  const begin = min(part * length, count) + first;
  const end = min((part + 1) * length, count) + first;
  const y = args.y + (<usize>((part * args.segments + segment) * args.columns_a + firstA) * args.columns_b << 2);
  const endA = min(args.columns_a, firstA + MOST_COLUMNS_A);
  const endB = min(args.columns_b, firstB + columns);
  if (begin == end && !args.grow) {
    for (let m = firstA; m < endA; m++) {
      memory.fill(y + (<usize>((m - firstA) * args.columns_b + firstB) << 2), 0, <usize>(endB - firstB) << 2);
    }
  }
  for (let row = begin; row < end; row += BLOCK) {
    const isAdded = args.grow != 0 || row > begin;
    block(args, row, min(BLOCK, end - row), firstA, endA, firstB, endB, y, isAdded);
  }
}

function block(
  args: OuterProduct, row: u32, depth: u32, firstA: u32, endA: u32, firstB: u32, endB: u32, y: usize, isAdded: bool,
): void {
  const strips = scratch();
  const panel = strips + PANEL_AT;
  packStrips(args, strips, row, depth, firstA, endA);
  const yStride = <usize>args.columns_b << 2;
  for (let column = firstB; column < endB; column += PANEL) {
    const width = min(PANEL, endB - column);
    packB(args, panel, row, depth, column, width);
    for (let m = firstA; m < endA; m += TILE_ROWS) {
      const strip = strips + <usize>(m - firstA) * depth * FLOAT;
      const at = y + <usize>(m - firstA) * yStride + (<usize>column << 2);
      const left = min(TILE_ROWS, endA - m);
      if (left == TILE_ROWS && width == PANEL) {
        tile4(
          strip, strip + FLOAT, strip + 2 * FLOAT, strip + 3 * FLOAT, TILE_ROWS * FLOAT,
          panel, depth, at, isAdded ? at : 0, yStride,
        );
        continue;
      }
      const sums = strips + SUMS_AT;
      for (let i: u32 = 0; i < left; i++) {
        tile1(strip + i * FLOAT, TILE_ROWS * FLOAT, panel, depth, sums, 0);
        for (let c: usize = 0; c < <usize>width * FLOAT; c += FLOAT) {
          const to = at + i * yStride + c;
          store<f32>(to, isAdded ? load<f32>(to) + load<f32>(sums + c) : load<f32>(sums + c));
        }
      }
    }
  }
}

/** Strips of TILE_ROWS columns of a, row by row. */
function packStrips(args: OuterProduct, strips: usize, row: u32, depth: u32, firstA: u32, endA: u32): void {
  const stride = <usize>args.a_stride << 2;
  const stripBytes = <usize>depth * TILE_ROWS * FLOAT;
  let from = args.a + (<usize>(args.a_offset + row * args.a_stride + firstA) << 2);
  const whole = (endA - firstA) / TILE_ROWS;
  const left = (endA - firstA) % TILE_ROWS;
  for (let n: u32 = 0; n < depth; n++) {
    let a = from;
    let to = strips + <usize>n * TILE_ROWS * FLOAT;
    for (let strip: u32 = 0; strip < whole; strip++) {
      for (let i: u32 = 0; i < TILE_ROWS / LANES; i++) vstore(to + i * STEP, vload(a + i * STEP));
      a += TILE_ROWS * FLOAT;
      to += stripBytes;
    }
    for (let i: u32 = 0; i < left; i++) store<f32>(to + i * FLOAT, load<f32>(a + i * FLOAT));
    from += stride;
  }
}

function packB(args: OuterProduct, panel: usize, row: u32, depth: u32, column: u32, width: u32): void {
  if (!args.gather) {
    packRows<f32>(panel, args.b, args.b_offset + row * args.b_stride + column, args.b_stride, depth, width);
    return;
  }
  for (let n: u32 = 0; n < depth; n++) {
    const source = load<u32>(args.row_of + (<usize>(row + n) << 2)) / args.SLOTS_PER_ROW;
    const to = panel + <usize>n * PANEL * FLOAT;
    packRows<f32>(to, args.b, args.b_offset + source * args.b_stride + column, 0, 1, width);
  }
}
