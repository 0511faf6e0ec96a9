// Tiles of rows in eight bits: shaders/quantization/fp8_columns.wgsl.
import { roundOne, tileScale } from '../lib/e4m3';
import { Address, ceilDiv, Condition, Constant } from '../lib/types';
import { anyZero, div, LANES, largerSize, mul, roundE4m3, splat, tileScales, vload, vstore } from '../lib/vector';

@unmanaged
class Fp8Columns {
  x: Address;
  y: Address;
  tile_expert: Address;
  offsets: Address;
  counts: Address;
  row_of: Address;
  rows: u32;
  width: u32;
  num_experts: u32;
  TILE: Constant;
  TILE_ROWS: Constant;
  SLOTS_PER_ROW: Constant;
  grouped: Condition;
  gather: Condition;
}

// @ts-ignore: decorator
@inline
function rowsBetween(args: Fp8Columns): u32 {
  return args.grouped ? args.TILE_ROWS : args.TILE;
}

export function fp8_columns_units(args: Fp8Columns): u32 {
  return ceilDiv(args.rows, rowsBetween(args));
}

export function fp8_columns(args: Fp8Columns, unit: u32): void {
  const first = unit * rowsBetween(args);
  let end = min(first + args.TILE, args.rows);
  if (args.grouped) {
    const expert = load<u32>(args.tile_expert + (<usize>unit << 2));
    if (expert >= args.num_experts) return;
    const offset = load<u32>(args.offsets + (<usize>expert << 2));
    if ((first - offset) % args.TILE != 0) return;
    end = min(first + args.TILE, offset + load<u32>(args.counts + (<usize>expert << 2)));
  }
  const width = args.width;
  let c: u32 = 0;
  for (; c + LANES <= width; c += LANES) {
    let sizes = splat(0);
    for (let row = first; row < end; row++) sizes = largerSize(sizes, vload(placeOf(args, row, c)));
    const scales = tileScales(sizes);
    if (anyZero(scales)) {
      for (let lane: u32 = 0; lane < LANES; lane++) roundColumn(args, first, end, c + lane);
      continue;
    }
    for (let row = first; row < end; row++) {
      const y = args.y + (<usize>(row * width + c) << 2);
      vstore(y, mul(roundE4m3(div(vload(placeOf(args, row, c)), scales)), scales));
    }
  }
  for (; c < width; c++) roundColumn(args, first, end, c);
}

/** Where a number of x is. */
// @ts-ignore: decorator
@inline
function placeOf(args: Fp8Columns, row: u32, column: u32): usize {
  const from = args.gather ? load<u32>(args.row_of + (<usize>row << 2)) / args.SLOTS_PER_ROW : row;
  return args.x + (<usize>(from * args.width + column) << 2);
}

function roundColumn(args: Fp8Columns, first: u32, end: u32, column: u32): void {
  let largest: u32 = 0;
  for (let row = first; row < end; row++) largest = max(largest, load<u32>(placeOf(args, row, column)) & 0x7fffffff);
  const scale = tileScale(largest);
  for (let row = first; row < end; row++) {
    const y = args.y + (<usize>(row * args.width + column) << 2);
    store<f32>(y, roundOne(load<f32>(placeOf(args, row, column)), scale));
  }
}
