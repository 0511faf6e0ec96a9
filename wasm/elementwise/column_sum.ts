// Sums of columns, added to what is there: shaders/elementwise/column_sum.wgsl.
import { Address, ceilDiv, Condition, perVector } from '../lib/types';
import { SIMPLE } from '../lib/units';
import { add, LANES, splat, STEP, vload, vstore } from '../lib/vector';

@unmanaged
class ColumnSum {
  x: Address;
  y: Address;
  rows: u32;
  width: u32;
  vec4: Condition;
}

/** A unit has some columns of all rows: whole cache lines of them. */
// @ts-ignore: decorator
@inline
function columnsOfUnit(rows: u32): u32 {
  return max<u32>(16, (SIMPLE / max<u32>(1, rows)) & ~15);
}

export function column_sum_units(args: ColumnSum): u32 {
  return ceilDiv(args.width * perVector(args.vec4), columnsOfUnit(args.rows));
}

export function column_sum(args: ColumnSum, unit: u32): void {
  const rows = args.rows;
  const width = args.width * perVector(args.vec4);
  const some = columnsOfUnit(rows);
  const end = min(width, (unit + 1) * some);
  const step = <usize>width << 2;
  let c = unit * some;
  for (; c + 4 * LANES <= end; c += 4 * LANES) sumFour(args.x + (<usize>c << 2), step, rows, args.y + (<usize>c << 2));
  for (; c + LANES <= end; c += LANES) {
    let sum = splat(0);
    let x = args.x + (<usize>c << 2);
    for (let row: u32 = 0; row < rows; row++) {
      sum = add(sum, vload(x));
      x += step;
    }
    const y = args.y + (<usize>c << 2);
    vstore(y, add(vload(y), sum));
  }
  for (; c < end; c++) {
    let sum: f32 = 0;
    let x = args.x + (<usize>c << 2);
    for (let row: u32 = 0; row < rows; row++) {
      sum += load<f32>(x);
      x += step;
    }
    const y = args.y + (<usize>c << 2);
    store<f32>(y, load<f32>(y) + sum);
  }
}

/** Sums of four Vecs of columns. */
function sumFour(x: usize, step: usize, rows: u32, y: usize): void {
  let a = splat(0);
  let b = splat(0);
  let c = splat(0);
  let d = splat(0);
  for (let row: u32 = 0; row < rows; row++) {
    a = add(a, vload(x));
    b = add(b, vload(x + STEP));
    c = add(c, vload(x + 2 * STEP));
    d = add(d, vload(x + 3 * STEP));
    x += step;
  }
  vstore(y, add(vload(y), a));
  vstore(y + STEP, add(vload(y + STEP), b));
  vstore(y + 2 * STEP, add(vload(y + 2 * STEP), c));
  vstore(y + 3 * STEP, add(vload(y + 3 * STEP), d));
}
