// Numbers in half precision: shaders/optimizer/halve.wgsl.
import { Address, ceilDiv } from '../lib/types';
import { SIMPLE } from '../lib/units';
import { LANES, storeHalf, vload, vstoreHalf } from '../lib/vector';

@unmanaged
class Halve {
  x: Address;
  y: Address;
  size: u32;
}

export function halve_units(args: Halve): u32 {
  return ceilDiv(args.size, SIMPLE);
}

export function halve(args: Halve, unit: u32): void {
  const x = args.x;
  const y = args.y;
  const end = min(args.size, (unit + 1) * SIMPLE);
  let i = unit * SIMPLE;
  for (; i + LANES <= end; i += LANES) vstoreHalf(y + (<usize>i << 1), vload(x + (<usize>i << 2)));
  for (; i < end; i++) storeHalf(y + (<usize>i << 1), load<f32>(x + (<usize>i << 2)));
}
