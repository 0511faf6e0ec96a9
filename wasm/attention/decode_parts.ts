// What grouped_decode sums, divided by the weights' total: shaders/attention/decode_parts.wgsl.
import { isLive } from '../lib/attention/decode';
import { decodeRowAt } from '../lib/rollout';
import { scaleNumbers } from '../lib/rows';
import { Address, Condition, perVector } from '../lib/types';
import { rowsOfUnit, SIMPLE, unitsOfRows } from '../lib/units';

@unmanaged
class DecodeParts {
  places: Address;
  sums: Address;
  totals: Address;
  y: Address;
  rows: u32;
  heads: u32;
  parts: u32;
  width: u32;
  vec4: Condition;
}

export function decode_parts_units(args: DecodeParts): u32 {
  return unitsOfRows(args.rows, args.heads * args.width * perVector(args.vec4), SIMPLE);
}

export function decode_parts(args: DecodeParts, unit: u32): void {
  const heads = args.heads;
  const parts = args.parts;
  const width = args.width * perVector(args.vec4);
  const some = rowsOfUnit(heads * width, SIMPLE);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end && isLive(decodeRowAt(args.places, row)); row++) {
    for (let head = row * heads; head < (row + 1) * heads; head++) {
      const x = args.sums + (<usize>(head * parts * width) << 2);
      const y = args.y + (<usize>(head * width) << 2);
      const factor: f32 = 1 / load<f32>(args.totals + (<usize>(head * parts) << 2));
      memory.copy(y, x, <usize>width << 2);
      scaleNumbers(y, factor, width);
    }
  }
}
