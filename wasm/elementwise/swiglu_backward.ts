// Gradient of SwiGLU: shaders/elementwise/swiglu_backward.wgsl.
import { sigmoid, vsigmoid } from '../lib/exp';
import { Address, Condition, Constant, perVector } from '../lib/types';
import { COSTLY, rowsOfUnit, unitsOfRows } from '../lib/units';
import { add, LANES, mul, splat, sub, vload, vstore } from '../lib/vector';

@unmanaged
class SwigluBackward {
  x: Address;
  dy: Address;
  dx: Address;
  rows: u32;
  WIDTH: Constant;
  vec4: Condition;
}

export function swiglu_backward_units(args: SwigluBackward): u32 {
  return unitsOfRows(args.rows, args.WIDTH * perVector(args.vec4), COSTLY);
}

export function swiglu_backward(args: SwigluBackward, unit: u32): void {
  const width = args.WIDTH * perVector(args.vec4);
  const to_up = <usize>width << 2;
  const some = rowsOfUnit(width, COSTLY);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end; row++) {
    const x = args.x + (<usize>(2 * row * width) << 2);
    const dx = args.dx + (<usize>(2 * row * width) << 2);
    const dy = args.dy + (<usize>(row * width) << 2);
    let c: u32 = 0;
    for (; c + LANES <= width; c += LANES) {
      const at = <usize>c << 2;
      const gate = vload(x + at);
      const s = vsigmoid(gate);
      const silu = mul(gate, s);
      const slope = add(s, mul(silu, sub(splat(1), s)));
      const d = vload(dy + at);
      vstore(dx + at, mul(mul(d, vload(x + to_up + at)), slope));
      vstore(dx + to_up + at, mul(d, silu));
    }
    for (; c < width; c++) {
      const at = <usize>c << 2;
      const gate = load<f32>(x + at);
      const s = sigmoid(gate);
      const silu = gate * s;
      const d = load<f32>(dy + at);
      store<f32>(dx + at, d * load<f32>(x + to_up + at) * (s + silu * (1 - s)));
      store<f32>(dx + to_up + at, d * silu);
    }
  }
}
