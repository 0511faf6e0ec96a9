// Sums of squares of a gradient by chunks: shaders/optimizer/grad_norm_partial.wgsl.
import { sumOfSquares } from '../lib/sums';
import { Address, ceilDiv } from '../lib/types';
import { rowsOfUnit, SIMPLE, unitsOfRows } from '../lib/units';

@unmanaged
class GradNormPartial {
  gradient: Address;
  partials: Address;
  size: u32;
  chunk: u32;
}

export function grad_norm_partial_units(args: GradNormPartial): u32 {
  return unitsOfRows(ceilDiv(args.size, args.chunk), args.chunk, SIMPLE);
}

export function grad_norm_partial(args: GradNormPartial, unit: u32): void {
  const size = args.size;
  const length = args.chunk;
  const some = rowsOfUnit(length, SIMPLE);
  const end = min(ceilDiv(size, length), (unit + 1) * some);
  for (let chunk = unit * some; chunk < end; chunk++) {
    const first = chunk * length;
    const sum = sumOfSquares(args.gradient + (<usize>first << 2), min(length, size - first));
    store<f32>(args.partials + (<usize>chunk << 2), sum);
  }
}
