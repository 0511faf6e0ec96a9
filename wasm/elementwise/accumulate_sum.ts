// A sum added to a total: shaders/elementwise/accumulate_sum.wgsl.
import { sum } from '../lib/sums';
import { Address } from '../lib/types';

@unmanaged
class AccumulateSum {
  x: Address;
  total: Address;
  size: u32;
}

export function accumulate_sum_units(args: AccumulateSum): u32 {
  return 1;
}

export function accumulate_sum(args: AccumulateSum, unit: u32): void {
  store<f32>(args.total, load<f32>(args.total) + sum(args.x, args.size));
}
