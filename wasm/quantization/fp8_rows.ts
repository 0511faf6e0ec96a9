// Tiles of neighbours in eight bits: shaders/quantization/fp8_rows.wgsl.
import { largestSize, roundNumbers, tileScale } from '../lib/e4m3';
import { Address, Constant } from '../lib/types';
import { COSTLY, rowsOfUnit, unitsOfRows } from '../lib/units';

@unmanaged
class Fp8Rows {
  x: Address;
  y: Address;
  rows: u32;
  width: u32;
  TILE: Constant;
}

export function fp8_rows_units(args: Fp8Rows): u32 {
  return unitsOfRows(args.rows, args.width, COSTLY);
}

export function fp8_rows(args: Fp8Rows, unit: u32): void {
  const width = args.width;
  const tile = args.TILE;
  const some = rowsOfUnit(width, COSTLY);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end; row++) {
    for (let c: u32 = 0; c < width; c += tile) {
      const at = <usize>(row * width + c) << 2;
      const count = min(tile, width - c);
      roundNumbers(args.x + at, count, tileScale(largestSize(args.x + at, count, 0)), args.y + at);
    }
  }
}
