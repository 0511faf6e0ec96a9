// y ← α·x + (1 − α)·y: shaders/elementwise/mix.wgsl.
import { Address, ceilDiv } from '../lib/types';
import { SIMPLE } from '../lib/units';
import { add, LANES, mul, splat, vload, vstore } from '../lib/vector';

@unmanaged
class Mix {
  x: Address;
  y: Address;
  size: u32;
  alpha: f32;
}

export function mix_units(args: Mix): u32 {
  return ceilDiv(args.size, SIMPLE);
}

export function mix(args: Mix, unit: u32): void {
  const x = args.x;
  const y = args.y;
  const alpha = args.alpha;
  const rest: f32 = 1 - alpha;
  const end = min(args.size, (unit + 1) * SIMPLE);
  let i = unit * SIMPLE;
  for (; i + LANES <= end; i += LANES) {
    const at = <usize>i << 2;
    vstore(y + at, add(mul(splat(alpha), vload(x + at)), mul(splat(rest), vload(y + at))));
  }
  for (; i < end; i++) {
    const at = <usize>i << 2;
    store<f32>(y + at, alpha * load<f32>(x + at) + rest * load<f32>(y + at));
  }
}
