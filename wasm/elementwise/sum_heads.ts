// What heads ask of a key that they share: shaders/elementwise/sum_heads.wgsl.
import { Address } from '../lib/types';
import { rowsOfUnit, SIMPLE, unitsOfRows } from '../lib/units';
import { add, LANES, splat, vload, vstore } from '../lib/vector';

@unmanaged
class SumHeads {
  x: Address;
  y: Address;
  rows: u32;
  heads: u32;
  width: u32;
  x_offset: u32;
}

export function sum_heads_units(args: SumHeads): u32 {
  return unitsOfRows(args.rows, args.heads * args.width, SIMPLE);
}

export function sum_heads(args: SumHeads, unit: u32): void {
  const heads = args.heads;
  const width = args.width;
  const step = <usize>width << 2;
  const some = rowsOfUnit(heads * width, SIMPLE);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end; row++) {
    const x = args.x + (<usize>(args.x_offset + row * heads * width) << 2);
    const y = args.y + row * step;
    let c: u32 = 0;
    for (; c + LANES <= width; c += LANES) {
      let at = x + (<usize>c << 2);
      let sum = splat(0);
      for (let head: u32 = 0; head < heads; head++) {
        sum = add(sum, vload(at));
        at += step;
      }
      vstore(y + (<usize>c << 2), sum);
    }
    for (; c < width; c++) {
      let at = x + (<usize>c << 2);
      let sum: f32 = 0;
      for (let head: u32 = 0; head < heads; head++) {
        sum += load<f32>(at);
        at += step;
      }
      store<f32>(y + (<usize>c << 2), sum);
    }
  }
}
