// The same bias for every row: shaders/elementwise/add_bias.wgsl.
import { Address, Condition } from '../lib/types';
import { rowsOfUnit, SIMPLE, unitsOfRows } from '../lib/units';
import { add, LANES, vload, vstore } from '../lib/vector';
import { loadWeight, vloadWeights } from '../lib/weights';

@unmanaged
class AddBias {
  x: Address;
  bias: Address;
  y: Address;
  size: u32;
  width: u32;
  half: Condition;
}

export function add_bias_units(args: AddBias): u32 {
  return unitsOfRows(args.size / args.width, args.width, SIMPLE);
}

export function add_bias(args: AddBias, unit: u32): void {
  args.half ? addToRows<u16>(args, unit) : addToRows<f32>(args, unit);
}

function addToRows<W>(args: AddBias, unit: u32): void {
  const width = args.width;
  const bias = args.bias;
  const some = rowsOfUnit(width, SIMPLE);
  const end = min(args.size / width, (unit + 1) * some);
  for (let row = unit * some; row < end; row++) {
    const x = args.x + (<usize>(row * width) << 2);
    const y = args.y + (<usize>(row * width) << 2);
    let c: u32 = 0;
    for (; c + LANES <= width; c += LANES) {
      const at = <usize>c << 2;
      vstore(y + at, add(vload(x + at), vloadWeights<W>(bias, c)));
    }
    for (; c < width; c++) {
      const at = <usize>c << 2;
      store<f32>(y + at, load<f32>(x + at) + loadWeight<W>(bias, c));
    }
  }
}
