// Some columns of a matrix: shaders/elementwise/columns.wgsl.
import { Address } from '../lib/types';
import { rowsOfUnit, SIMPLE, unitsOfRows } from '../lib/units';

@unmanaged
class Columns {
  x: Address;
  y: Address;
  rows: u32;
  count: u32;
  first: u32;
  stride: u32;
}

export function columns_units(args: Columns): u32 {
  return unitsOfRows(args.rows, args.count, SIMPLE);
}

export function columns(args: Columns, unit: u32): void {
  const some = rowsOfUnit(args.count, SIMPLE);
  const end = min(args.rows, (unit + 1) * some);
  const bytes = <usize>args.count << 2;
  for (let row = unit * some; row < end; row++) {
    memory.copy(args.y + row * bytes, args.x + (<usize>(row * args.stride + args.first) << 2), bytes);
  }
}
