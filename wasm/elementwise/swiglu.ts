// y = silu(gate) · up: shaders/elementwise/swiglu.wgsl.
import { vsigmoid } from '../lib/exp';
import { Address, Condition, Constant, perVector } from '../lib/types';
import { COSTLY, rowsOfUnit, unitsOfRows } from '../lib/units';
import { lane0, LANES, mul, splat, Vec, vload, vstore } from '../lib/vector';

@unmanaged
class Swiglu {
  x: Address;
  y: Address;
  rows: u32;
  WIDTH: Constant;
  vec4: Condition;
}

export function swiglu_units(args: Swiglu): u32 {
  return unitsOfRows(args.rows, args.WIDTH * perVector(args.vec4), COSTLY);
}

export function swiglu(args: Swiglu, unit: u32): void {
  const width = args.WIDTH * perVector(args.vec4);
  const to_up = <usize>width << 2;
  const some = rowsOfUnit(width, COSTLY);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end; row++) {
    const gate = args.x + (<usize>(2 * row * width) << 2);
    const y = args.y + (<usize>(row * width) << 2);
    let c: u32 = 0;
    for (; c + LANES <= width; c += LANES) {
      const at = <usize>c << 2;
      vstore(y + at, gated(vload(gate + at), vload(gate + to_up + at)));
    }
    for (; c < width; c++) {
      const at = <usize>c << 2;
      store<f32>(y + at, lane0(gated(splat(load<f32>(gate + at)), splat(load<f32>(gate + to_up + at)))));
    }
  }
}

// @ts-ignore: decorator
@inline
function gated(gate: Vec, up: Vec): Vec {
  return mul(mul(gate, vsigmoid(gate)), up);
}
