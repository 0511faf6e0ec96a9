// Gradient of RMS norm in x: shaders/norm/rms_norm_backward.wgsl.
import { Address, Condition, perVector } from '../lib/types';
import { rowsOfUnit, SIMPLE, unitsOfRows } from '../lib/units';
import { add, LANES, laneSum, madd, mul, splat, STEP, sub, Vec, vload, vstore } from '../lib/vector';
import { loadWeight, vloadWeights } from '../lib/weights';

@unmanaged
class RmsNormBackward {
  x: Address;
  weight: Address;
  inverse_rms: Address;
  dy: Address;
  dx: Address;
  addend: Address;
  rows: u32;
  width: u32;
  x_stride: u32;
  dx_stride: u32;
  vec4: Condition;
  half: Condition;
  plus: Condition;
}

export function rms_norm_backward_units(args: RmsNormBackward): u32 {
  return unitsOfRows(args.rows, args.width * perVector(args.vec4), SIMPLE);
}

export function rms_norm_backward(args: RmsNormBackward, unit: u32): void {
  args.half ? backwardRows<u16>(args, unit) : backwardRows<f32>(args, unit);
}

function backwardRows<W>(args: RmsNormBackward, unit: u32): void {
  const scale = perVector(args.vec4);
  const width = args.width * scale;
  const x_stride = args.x_stride * scale;
  const dx_stride = args.dx_stride * scale;
  const weight = args.weight;
  const some = rowsOfUnit(width, SIMPLE);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end; row++) {
    const x = args.x + (<usize>(row * x_stride) << 2);
    const dy = args.dy + (<usize>(row * width) << 2);
    const at = <usize>(row * dx_stride) << 2;
    const r = load<f32>(args.inverse_rms + (<usize>row << 2));
    const pull = (r * r * r * weightedDot<W>(x, weight, dy, width)) / <f32>width;
    if (args.plus) slopes<W>(x, weight, dy, args.dx + at, args.addend + at, width, r, pull);
    else slopes<W>(x, weight, dy, args.dx + at, 0, width, r, pull);
  }
}

/** Σ x·w·dy. */
function weightedDot<W>(x: usize, weight: usize, dy: usize, width: u32): f32 {
  let even = splat(0);
  let odd = splat(0);
  let c: u32 = 0;
  for (; c + 2 * LANES <= width; c += 2 * LANES) {
    const at = <usize>c << 2;
    even = madd(mul(vload(x + at), vloadWeights<W>(weight, c)), vload(dy + at), even);
    odd = madd(mul(vload(x + at + STEP), vloadWeights<W>(weight, c + LANES)), vload(dy + at + STEP), odd);
  }
  for (; c + LANES <= width; c += LANES) {
    const at = <usize>c << 2;
    even = madd(mul(vload(x + at), vloadWeights<W>(weight, c)), vload(dy + at), even);
  }
  let sum = laneSum(add(even, odd));
  for (; c < width; c++) {
    const at = <usize>c << 2;
    sum += load<f32>(x + at) * loadWeight<W>(weight, c) * load<f32>(dy + at);
  }
  return sum;
}

/** dx = r·w·dy − pull·x, plus the addend where there is one. */
// @ts-ignore: decorator
@inline
function slopes<W>(
  x: usize,
  weight: usize,
  dy: usize,
  dx: usize,
  addend: usize,
  width: u32,
  r: f32,
  pull: f32,
): void {
  const vr = splat(r);
  const vpull = splat(pull);
  let c: u32 = 0;
  for (; c + LANES <= width; c += LANES) {
    const at = <usize>c << 2;
    let slope: Vec = sub(mul(mul(vr, vloadWeights<W>(weight, c)), vload(dy + at)), mul(vload(x + at), vpull));
    if (addend) slope = add(vload(addend + at), slope);
    vstore(dx + at, slope);
  }
  for (; c < width; c++) {
    const at = <usize>c << 2;
    let slope: f32 = r * loadWeight<W>(weight, c) * load<f32>(dy + at) - load<f32>(x + at) * pull;
    if (addend) slope = load<f32>(addend + at) + slope;
    store<f32>(dx + at, slope);
  }
}
