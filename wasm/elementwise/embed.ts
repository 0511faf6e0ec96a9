// Rows of a table, looked up: shaders/elementwise/embed.wgsl.
import { Address, Condition } from '../lib/types';
import { rowsOfUnit, SIMPLE, unitsOfRows } from '../lib/units';
import { LANES, vstore } from '../lib/vector';
import { loadWeight, vloadWeights } from '../lib/weights';

@unmanaged
class Embed {
  ids: Address;
  table: Address;
  y: Address;
  rows: u32;
  width: u32;
  half: Condition;
}

export function embed_units(args: Embed): u32 {
  return unitsOfRows(args.rows, args.width, SIMPLE);
}

export function embed(args: Embed, unit: u32): void {
  args.half ? lookUp<u16>(args, unit) : lookUp<f32>(args, unit);
}

function lookUp<W>(args: Embed, unit: u32): void {
  const width = args.width;
  const table = args.table;
  const some = rowsOfUnit(width, SIMPLE);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end; row++) {
    const from = load<u32>(args.ids + (<usize>row << 2)) * width;
    const y = args.y + (<usize>(row * width) << 2);
    let c: u32 = 0;
    for (; c + LANES <= width; c += LANES) vstore(y + (<usize>c << 2), vloadWeights<W>(table, from + c));
    for (; c < width; c++) store<f32>(y + (<usize>c << 2), loadWeight<W>(table, from + c));
  }
}
