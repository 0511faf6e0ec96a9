// Gradient of the weighted gather in the weights: shaders/moe/moe_weights_backward.wgsl.
import { dot } from '../lib/dots';
import { Address, Condition, Constant, INVALID, perVector } from '../lib/types';
import { rowsOfUnit, SIMPLE, unitsOfRows } from '../lib/units';

@unmanaged
class MoeWeightsBackward {
  x: Address;
  place: Address;
  dy: Address;
  d_weights: Address;
  slots: u32;
  width: u32;
  TOP_K: Constant;
  vec4: Condition;
}

export function moe_weights_backward_units(args: MoeWeightsBackward): u32 {
  return unitsOfRows(args.slots, args.width * perVector(args.vec4), SIMPLE);
}

export function moe_weights_backward(args: MoeWeightsBackward, unit: u32): void {
  const width = args.width * perVector(args.vec4);
  const some = rowsOfUnit(width, SIMPLE);
  const end = min(args.slots, (unit + 1) * some);
  for (let slot = unit * some; slot < end; slot++) {
    const place = load<u32>(args.place + (<usize>slot << 2));
    let dWeight: f32 = 0;
    if (place != INVALID) {
      const dy = args.dy + (<usize>((slot / args.TOP_K) * width) << 2);
      dWeight = dot<f32>(dy, args.x + (<usize>(place * width) << 2), width);
    }
    store<f32>(args.d_weights + (<usize>slot << 2), dWeight);
  }
}
