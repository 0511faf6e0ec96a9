// y = 0: shaders/elementwise/fill_zero.wgsl.
import { Address, ceilDiv } from '../lib/types';

@unmanaged
class FillZero {
  y: Address;
  size: u32;
}

const NUMBERS_OF_UNIT: u32 = 65536;

export function fill_zero_units(args: FillZero): u32 {
  return ceilDiv(args.size, NUMBERS_OF_UNIT);
}

export function fill_zero(args: FillZero, unit: u32): void {
  const first = unit * NUMBERS_OF_UNIT;
  memory.fill(args.y + (<usize>first << 2), 0, <usize>min(NUMBERS_OF_UNIT, args.size - first) << 2);
}
