// RMS norm by rows: shaders/norm/rms_norm.wgsl.
import { sumOfSquares } from '../lib/sums';
import { Address, Condition, perVector } from '../lib/types';
import { rowsOfUnit, SIMPLE, unitsOfRows } from '../lib/units';
import { LANES, mul, splat, vload, vstore } from '../lib/vector';
import { loadWeight, vloadWeights } from '../lib/weights';

@unmanaged
class RmsNorm {
  x: Address;
  weight: Address;
  y: Address;
  inverse_rms: Address;
  rows: u32;
  width: u32;
  x_stride: u32;
  epsilon: f32;
  vec4: Condition;
  half: Condition;
}

export function rms_norm_units(args: RmsNorm): u32 {
  return unitsOfRows(args.rows, args.width * perVector(args.vec4), SIMPLE);
}

export function rms_norm(args: RmsNorm, unit: u32): void {
  args.half ? normRows<u16>(args, unit) : normRows<f32>(args, unit);
}

function normRows<W>(args: RmsNorm, unit: u32): void {
  const scale = perVector(args.vec4);
  const width = args.width * scale;
  const x_stride = args.x_stride * scale;
  const weight = args.weight;
  const epsilon = args.epsilon;
  const some = rowsOfUnit(width, SIMPLE);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end; row++) {
    const x = args.x + (<usize>(row * x_stride) << 2);
    const y = args.y + (<usize>(row * width) << 2);
    const r: f32 = 1 / sqrt<f32>(sumOfSquares(x, width) / <f32>width + epsilon);
    store<f32>(args.inverse_rms + (<usize>row << 2), r);
    const factor = splat(r);
    let c: u32 = 0;
    for (; c + LANES <= width; c += LANES) {
      const at = <usize>c << 2;
      vstore(y + at, mul(vloadWeights<W>(weight, c), mul(vload(x + at), factor)));
    }
    for (; c < width; c++) {
      const at = <usize>c << 2;
      store<f32>(y + at, loadWeight<W>(weight, c) * (load<f32>(x + at) * r));
    }
  }
}
