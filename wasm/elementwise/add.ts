// y = a + b: shaders/elementwise/add.wgsl.
import { Address, ceilDiv, Condition, perVector } from '../lib/types';
import { SIMPLE } from '../lib/units';
import { LANES, add as vadd, vload, vstore } from '../lib/vector';

@unmanaged
class Add {
  a: Address;
  b: Address;
  y: Address;
  size: u32;
  vec4: Condition;
}

export function add_units(args: Add): u32 {
  return ceilDiv(args.size * perVector(args.vec4), SIMPLE);
}

export function add(args: Add, unit: u32): void {
  const end = min(args.size * perVector(args.vec4), (unit + 1) * SIMPLE);
  const a = args.a;
  const b = args.b;
  const y = args.y;
  let i = unit * SIMPLE;
  for (; i + LANES <= end; i += LANES) {
    const at = <usize>i << 2;
    vstore(y + at, vadd(vload(a + at), vload(b + at)));
  }
  for (; i < end; i++) {
    const at = <usize>i << 2;
    store<f32>(y + at, load<f32>(a + at) + load<f32>(b + at));
  }
}
