// What the softmax of attention takes off each score's gradient: shaders/attention/attention_delta.wgsl.
import { Address, ceilDiv, Condition, Constant, perVector } from '../lib/types';
import { LANES, laneSum, madd, splat, vload } from '../lib/vector';

@unmanaged
class AttentionDelta {
  y: Address;
  dy: Address;
  delta: Address;
  items: u32;
  VALUE: Constant;
  vec4: Condition;
}

/** Numbers of y, about as many as are worth a thread's waking. */
const NUMBERS_OF_UNIT: u32 = 32768;

function itemsOfUnit(width: u32): u32 {
  return max(1, NUMBERS_OF_UNIT / width);
}

export function attention_delta_units(args: AttentionDelta): u32 {
  return ceilDiv(args.items, itemsOfUnit(args.VALUE * perVector(args.vec4)));
}

export function attention_delta(args: AttentionDelta, unit: u32): void {
  const width = args.VALUE * perVector(args.vec4);
  const first = unit * itemsOfUnit(width);
  const end = min(args.items, first + itemsOfUnit(width));
  let y = args.y + (<usize>(first * width) << 2);
  let dy = args.dy + (<usize>(first * width) << 2);
  for (let i = first; i < end; i++) {
    let parts = splat(0);
    let c: u32 = 0;
    for (; c + LANES <= width; c += LANES) {
      const at = <usize>c << 2;
      parts = madd(vload(y + at), vload(dy + at), parts);
    }
    let sum = laneSum(parts);
    for (; c < width; c++) {
      const at = <usize>c << 2;
      sum += load<f32>(y + at) * load<f32>(dy + at);
    }
    store<f32>(args.delta + (<usize>i << 2), sum);
    y += <usize>width << 2;
    dy += <usize>width << 2;
  }
}
