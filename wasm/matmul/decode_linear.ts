// A projection of a decode step, y = norm(x)·wᵀ + bias + residual: shaders/matmul/decode_linear.wgsl.
import { addTimes } from '../lib/addTimes';
import {
  columnBlocks,
  columnsOfBlock,
  factors,
  normedRows,
  normRows,
  panel,
  rowsTogether,
} from '../lib/decodeRows';
import { dots } from '../lib/dots';
import { scaleNumbers } from '../lib/rows';
import { Address, ceilDiv, Condition, perVector } from '../lib/types';
import { loadWeight } from '../lib/weights';

@unmanaged
class DecodeLinear {
  pool: Address;
  x: Address;
  residual: Address;
  y: Address;
  num_live: Address;
  rows: u32;
  depth: u32;
  x_stride: u32;
  columns: u32;
  norm_at: u32;
  epsilon: f32;
  first_columns: u32;
  first_at: u32;
  second_at: u32;
  first_bias_at: u32;
  second_bias_at: u32;
  vec4: Condition;
  half: Condition;
  normed: Condition;
  biased: Condition;
}

/** In place of a bias's start, for a matrix without one. */
const NO_BIAS: u32 = 0xffffffff;

export function decode_linear_units(args: DecodeLinear): u32 {
  const depth = args.depth * perVector(args.vec4);
  const some = rowsTogether(args.rows, args.columns, depth, depth);
  return ceilDiv(args.rows, some) * columnBlocks(some, args.columns, depth);
}

export function decode_linear(args: DecodeLinear, unit: u32): void {
  args.half ? project<u16>(args, unit) : project<f32>(args, unit);
}

function project<W>(args: DecodeLinear, unit: u32): void {
  const depth = args.depth * perVector(args.vec4);
  const columns = args.columns;
  const some = rowsTogether(args.rows, args.columns, depth, depth);
  const rowBlocks = ceilDiv(args.rows, some);
  const row = (unit % rowBlocks) * some;
  const live = args.num_live ? min(args.rows, load<u32>(args.num_live)) : args.rows;
  const size = columnsOfBlock(columns, columnBlocks(some, columns, depth));
  const first = (unit / rowBlocks) * size;
  if (row >= live || first >= columns) return;
  const rows = min(some, live - row);
  const end = min(columns, first + size);

  let stride = args.x_stride * perVector(args.vec4);
  let x = args.x + (<usize>(row * stride) << 2);
  if (args.normed) {
    normRows<W>(x, stride, rows, args.pool + <usize>args.norm_at * sizeof<W>(), depth, args.epsilon);
    x = normedRows();
    stride = depth;
  }
  const split = args.first_columns;
  const y = args.y + (<usize>(row * columns) << 2);
  if (first < split) {
    const w = args.pool + <usize>(args.first_at + first * depth) * sizeof<W>();
    dots<W>(x, stride, rows, w, depth, min(end, split) - first, depth, y + (<usize>first << 2), columns, panel(depth));
  }
  if (end > split) {
    const c = max(first, split);
    const w = args.pool + <usize>(args.second_at + (c - split) * depth) * sizeof<W>();
    dots<W>(x, stride, rows, w, depth, end - c, depth, y + (<usize>c << 2), columns, panel(depth));
  }
  for (let r: u32 = 0; r < rows; r++) {
    const at = <usize>(r * columns + first) << 2;
    if (args.normed) scaleNumbers(y + at, load<f32>(factors() + (<usize>r << 2)), end - first);
    if (args.biased) addBias<W>(args, first, end, y + at);
    if (args.residual) addTimes(1, args.residual + (<usize>(row * columns) << 2) + at, y + at, end - first);
  }
}

/** Adds the bias of columns first … end − 1 to them. */
function addBias<W>(args: DecodeLinear, first: u32, end: u32, y: usize): void {
  const pool = args.pool;
  const split = args.first_columns;
  for (let c = first; c < end; c++) {
    const start = c < split ? args.first_bias_at : args.second_bias_at;
    if (start == NO_BIAS) continue;
    const at = y + (<usize>(c - first) << 2);
    store<f32>(at, load<f32>(at) + loadWeight<W>(pool, start + (c < split ? c : c - split)));
  }
}
