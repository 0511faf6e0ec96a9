// The gated projection of a decode step, y = silu(gate)·up of norm(x): shaders/matmul/decode_gated.wgsl.
import {
  beside,
  columnBlocks,
  columnsOfBlock,
  factors,
  gateNumbers,
  normedRows,
  normRows,
  panel,
  rowsTogether,
} from '../lib/decodeRows';
import { dots } from '../lib/dots';
import { Address, ceilDiv, Condition, perVector } from '../lib/types';

@unmanaged
class DecodeGated {
  pool: Address;
  x: Address;
  y: Address;
  num_live: Address;
  rows: u32;
  depth: u32;
  x_stride: u32;
  columns: u32;
  norm_at: u32;
  epsilon: f32;
  first_at: u32;
  vec4: Condition;
  half: Condition;
  normed: Condition;
}

export function decode_gated_units(args: DecodeGated): u32 {
  const depth = args.depth * perVector(args.vec4);
  const some = rowsTogether(args.rows, args.columns, depth, 2 * depth);
  return ceilDiv(args.rows, some) * columnBlocks(some, args.columns, 2 * depth);
}

export function decode_gated(args: DecodeGated, unit: u32): void {
  args.half ? project<u16>(args, unit) : project<f32>(args, unit);
}

function project<W>(args: DecodeGated, unit: u32): void {
  const depth = args.depth * perVector(args.vec4);
  const columns = args.columns;
  const some = rowsTogether(args.rows, args.columns, depth, 2 * depth);
  const rowBlocks = ceilDiv(args.rows, some);
  const row = (unit % rowBlocks) * some;
  const live = args.num_live ? min(args.rows, load<u32>(args.num_live)) : args.rows;
  const size = columnsOfBlock(columns, columnBlocks(some, columns, 2 * depth));
  const first = (unit / rowBlocks) * size;
  if (row >= live || first >= columns) return;
  const rows = min(some, live - row);
  const width = min(columns - first, size);

  let stride = args.x_stride * perVector(args.vec4);
  let x = args.x + (<usize>(row * stride) << 2);
  if (args.normed) {
    normRows<W>(x, stride, rows, args.pool + <usize>args.norm_at * sizeof<W>(), depth, args.epsilon);
    x = normedRows();
    stride = depth;
  }
  const y = args.y + (<usize>(row * columns + first) << 2);
  const gates = args.pool + <usize>(args.first_at + first * depth) * sizeof<W>();
  dots<W>(x, stride, rows, gates, depth, width, depth, y, columns, panel(depth));
  const ups = gates + <usize>(columns * depth) * sizeof<W>();
  dots<W>(x, stride, rows, ups, depth, width, depth, beside(), width, panel(depth));
  for (let r: u32 = 0; r < rows; r++) {
    const factor: f32 = args.normed ? load<f32>(factors() + (<usize>r << 2)) : 1;
    gateNumbers(y + (<usize>(r * columns) << 2), beside() + (<usize>(r * width) << 2), factor, width);
  }
}
