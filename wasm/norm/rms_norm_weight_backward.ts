// Gradient of RMS norm in its weight, by blocks of rows: shaders/norm/rms_norm_weight_backward.wgsl.
import { Address, ceilDiv, Condition, perVector } from '../lib/types';
import { rowsOfUnit, SIMPLE, unitsOfRows } from '../lib/units';
import { LANES, madd, mul, splat, STEP, vload, vloadSplat, vstore } from '../lib/vector';

@unmanaged
class RmsNormWeightBackward {
  x: Address;
  inverse_rms: Address;
  dy: Address;
  partials: Address;
  rows: u32;
  width: u32;
  x_stride: u32;
  block_rows: u32;
  vec4: Condition;
}

export function rms_norm_weight_backward_units(args: RmsNormWeightBackward): u32 {
  const width = args.width * perVector(args.vec4);
  return unitsOfRows(ceilDiv(args.rows, args.block_rows), args.block_rows * width, SIMPLE);
}

export function rms_norm_weight_backward(args: RmsNormWeightBackward, unit: u32): void {
  const block_rows = args.block_rows;
  const some = rowsOfUnit(block_rows * args.width * perVector(args.vec4), SIMPLE);
  const end = min(ceilDiv(args.rows, block_rows), (unit + 1) * some);
  for (let block = unit * some; block < end; block++) sumBlock(args, block);
}

function sumBlock(args: RmsNormWeightBackward, block: u32): void {
  const scale = perVector(args.vec4);
  const width = args.width * scale;
  const first = block * args.block_rows;
  const rows = min(args.rows - first, args.block_rows);
  const dy = args.dy + (<usize>(first * width) << 2);
  const x = args.x + (<usize>(first * args.x_stride * scale) << 2);
  const r = args.inverse_rms + (<usize>first << 2);
  const to = args.partials + (<usize>(block * width) << 2);
  const dy_step = <usize>width << 2;
  const x_step = <usize>(args.x_stride * scale) << 2;
  let c: u32 = 0;
  for (; c + 4 * LANES <= width; c += 4 * LANES) {
    const at = <usize>c << 2;
    sumFour(dy + at, dy_step, x + at, x_step, r, rows, to + at);
  }
  for (; c + LANES <= width; c += LANES) {
    const at = <usize>c << 2;
    let sum = splat(0);
    for (let row: u32 = 0; row < rows; row++) {
      const dyAt = dy + at + row * dy_step;
      sum = madd(mul(vload(dyAt), vload(x + at + row * x_step)), vloadSplat(r + (<usize>row << 2)), sum);
    }
    vstore(to + at, sum);
  }
  for (; c < width; c++) {
    const at = <usize>c << 2;
    let sum: f32 = 0;
    for (let row: u32 = 0; row < rows; row++) {
      sum += load<f32>(dy + at + row * dy_step) * load<f32>(x + at + row * x_step) * load<f32>(r + (<usize>row << 2));
    }
    store<f32>(to + at, sum);
  }
}

/** Sums of four Vecs of columns. */
function sumFour(dy: usize, dy_step: usize, x: usize, x_step: usize, r: usize, rows: u32, to: usize): void {
  let a = splat(0);
  let b = splat(0);
  let c = splat(0);
  let d = splat(0);
  for (let row: u32 = 0; row < rows; row++) {
    const scale = vloadSplat(r);
    a = madd(mul(vload(dy), vload(x)), scale, a);
    b = madd(mul(vload(dy + STEP), vload(x + STEP)), scale, b);
    c = madd(mul(vload(dy + 2 * STEP), vload(x + 2 * STEP)), scale, c);
    d = madd(mul(vload(dy + 3 * STEP), vload(x + 3 * STEP)), scale, d);
    r += 4;
    dy += dy_step;
    x += x_step;
  }
  vstore(to, a);
  vstore(to + STEP, b);
  vstore(to + 2 * STEP, c);
  vstore(to + 3 * STEP, d);
}
