// Gathers each token's rows from expert order, weighted or not: shaders/moe/moe_combine.wgsl.
import { addTimes } from '../lib/addTimes';
import { Address, Condition, Constant, INVALID, perVector } from '../lib/types';
import { rowsOfUnit, SIMPLE, unitsOfRows } from '../lib/units';
import { LANES, mul, splat, vload, vstore } from '../lib/vector';

@unmanaged
class MoeCombine {
  x: Address;
  place: Address;
  weights: Address;
  y: Address;
  addend: Address;
  rows: u32;
  top_k: u32;
  WIDTH: Constant;
  vec4: Condition;
  weighted: Condition;
  plus: Condition;
}

/** Numbers that a row reads. */
function numbers(args: MoeCombine): u32 {
  return args.top_k * args.WIDTH * perVector(args.vec4);
}

export function moe_combine_units(args: MoeCombine): u32 {
  return unitsOfRows(args.rows, numbers(args), SIMPLE);
}

export function moe_combine(args: MoeCombine, unit: u32): void {
  const topK = args.top_k;
  const width = args.WIDTH * perVector(args.vec4);
  const some = rowsOfUnit(numbers(args), SIMPLE);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end; row++) {
    const y = args.y + (<usize>(row * width) << 2);
    let isFirst = true;
    for (let slot = row * topK; slot < (row + 1) * topK; slot++) {
      const place = load<u32>(args.place + (<usize>slot << 2));
      if (place == INVALID) continue;
      const weight: f32 = args.weighted ? load<f32>(args.weights + (<usize>slot << 2)) : 1;
      const x = args.x + (<usize>(place * width) << 2);
      isFirst ? setRow(weight, x, y, width) : addTimes(weight, x, y, width);
      isFirst = false;
    }
    if (isFirst) memory.fill(y, 0, <usize>width << 2);
    if (args.plus) addTimes(1, args.addend + (<usize>(row * width) << 2), y, width);
  }
}

/** y = weight · x. */
function setRow(weight: f32, x: usize, y: usize, width: u32): void {
  const weights = splat(weight);
  let c: u32 = 0;
  for (; c + LANES <= width; c += LANES) {
    const at = <usize>c << 2;
    vstore(y + at, mul(weights, vload(x + at)));
  }
  for (; c < width; c++) {
    const at = <usize>c << 2;
    store<f32>(y + at, weight * load<f32>(x + at));
  }
}
