// RMS norm by rows: shaders/norm/rms_norm.wgsl.
import { inverseRms, normNumbers } from '../lib/rows';
import { Address, Condition, perVector } from '../lib/types';
import { rowsOfUnit, SIMPLE, unitsOfRows } from '../lib/units';

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
    const factor = inverseRms(x, width, epsilon);
    store<f32>(args.inverse_rms + (<usize>row << 2), factor);
    normNumbers<W>(x, width, factor, weight, 0, y);
  }
}
