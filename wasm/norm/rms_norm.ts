// RMS norm by rows: shaders/norm/rms_norm.wgsl.
import { Address, ceilDiv, Condition, perVector } from '../lib/types';
import { LANES, laneSum, madd, mul, splat, vload, vstore, Vec } from '../lib/vector';
import { loadWeight, vloadWeights } from '../lib/weights';

const ROWS_OF_UNIT: u32 = 16;

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
  return ceilDiv(args.rows, ROWS_OF_UNIT);
}

export function rms_norm(args: RmsNorm, unit: u32): void {
  args.half ? normRows<u16>(args, unit) : normRows<f32>(args, unit);
}

function normRows<W>(args: RmsNorm, unit: u32): void {
  const scale = perVector(args.vec4);
  const width = args.width * scale;
  const end = min(args.rows, (unit + 1) * ROWS_OF_UNIT);
  for (let row = unit * ROWS_OF_UNIT; row < end; row++) {
    const x = args.x + (<usize>(row * args.x_stride * scale) << 2);
    const y = args.y + (<usize>(row * width) << 2);
    const r: f32 = 1 / sqrt<f32>(sumOfSquares(x, width) / <f32>width + args.epsilon);
    store<f32>(args.inverse_rms + (<usize>row << 2), r);
    const factor = splat(r);
    let c: u32 = 0;
    for (; c + LANES <= width; c += LANES) {
      const at = <usize>c << 2;
      vstore(y + at, mul(vloadWeights<W>(args.weight, c), mul(vload(x + at), factor)));
    }
    for (; c < width; c++) {
      const at = <usize>c << 2;
      store<f32>(y + at, loadWeight<W>(args.weight, c) * (load<f32>(x + at) * r));
    }
  }
}

function sumOfSquares(x: usize, width: u32): f32 {
  let parts = splat(0);
  let c: u32 = 0;
  for (; c + LANES <= width; c += LANES) {
    const v: Vec = vload(x + (<usize>c << 2));
    parts = madd(v, v, parts);
  }
  let sum = laneSum(parts);
  for (; c < width; c++) {
    const v = load<f32>(x + (<usize>c << 2));
    sum += v * v;
  }
  return sum;
}
