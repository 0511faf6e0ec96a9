// Gradient of the weighted gather in the sorted rows: shaders/moe/moe_combine_backward.wgsl.
import { Address, Condition, Constant, INVALID, perVector } from '../lib/types';
import { rowsOfUnit, SIMPLE, unitsOfRows } from '../lib/units';
import { LANES, mul, splat, vload, vstore } from '../lib/vector';

@unmanaged
class MoeCombineBackward {
  order: Address;
  weights: Address;
  dy: Address;
  dx: Address;
  rows: u32;
  TOP_K: Constant;
  WIDTH: Constant;
  vec4: Condition;
}

export function moe_combine_backward_units(args: MoeCombineBackward): u32 {
  return unitsOfRows(args.rows, args.WIDTH * perVector(args.vec4), SIMPLE);
}

export function moe_combine_backward(args: MoeCombineBackward, unit: u32): void {
  const width = args.WIDTH * perVector(args.vec4);
  const some = rowsOfUnit(width, SIMPLE);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end; row++) {
    const slot = load<u32>(args.order + (<usize>row << 2));
    const dx = args.dx + (<usize>(row * width) << 2);
    if (slot == INVALID) {
      memory.fill(dx, 0, <usize>width << 2);
      continue;
    }
    const weight = load<f32>(args.weights + (<usize>slot << 2));
    const weights = splat(weight);
    const dy = args.dy + (<usize>((slot / args.TOP_K) * width) << 2);
    let c: u32 = 0;
    for (; c + LANES <= width; c += LANES) {
      const at = <usize>c << 2;
      vstore(dx + at, mul(weights, vload(dy + at)));
    }
    for (; c < width; c++) {
      const at = <usize>c << 2;
      store<f32>(dx + at, weight * load<f32>(dy + at));
    }
  }
}
