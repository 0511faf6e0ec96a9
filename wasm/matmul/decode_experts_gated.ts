// The gated projection of each expert in a decode step: shaders/matmul/decode_experts_gated.wgsl. Rows that are not there are
// zero.
import {
  beside,
  columnBlocks,
  columnsOfBlock,
  factors,
  gateNumbers,
  normedRows,
  panel,
  rowsTogether,
} from '../lib/decodeRows';
import { dots } from '../lib/dots';
import { clearRows, gatherRows, rowsThere } from '../lib/expertTiles';
import { Address, ceilDiv, Condition, Constant, perVector } from '../lib/types';

@unmanaged
class DecodeExpertsGated {
  pool: Address;
  x: Address;
  y: Address;
  tile_expert: Address;
  row_of: Address;
  rows: u32;
  depth: u32;
  x_stride: u32;
  columns: u32;
  norm_at: u32;
  epsilon: f32;
  first_at: u32;
  second_at: u32;
  num_experts: u32;
  num_shared: u32;
  expert_stride: u32;
  TILE_ROWS: Constant;
  SLOTS_PER_ROW: Constant;
  vec4: Condition;
  half: Condition;
  normed: Condition;
}

/** Rows that a unit does together. */
function some(args: DecodeExpertsGated): u32 {
  return rowsTogether(args.TILE_ROWS, args.depth * perVector(args.vec4));
}

function blocks(args: DecodeExpertsGated): u32 {
  return columnBlocks(args.TILE_ROWS, args.columns, 2 * args.depth * perVector(args.vec4));
}

export function decode_experts_gated_units(args: DecodeExpertsGated): u32 {
  return ceilDiv(args.rows, args.TILE_ROWS) * blocks(args);
}

export function decode_experts_gated(args: DecodeExpertsGated, unit: u32): void {
  args.half ? project<u16>(args, unit) : project<f32>(args, unit);
}

function project<W>(args: DecodeExpertsGated, unit: u32): void {
  const columns = args.columns;
  const tiles = ceilDiv(args.rows, args.TILE_ROWS);
  const tile = unit % tiles;
  const expert = load<u32>(args.tile_expert + (<usize>tile << 2));
  const size = columnsOfBlock(columns, blocks(args));
  const column = (unit / tiles) * size;
  if (expert >= args.num_experts + args.num_shared || column >= columns) return;
  const width = min(columns - column, size);

  const scale = perVector(args.vec4);
  const depth = args.depth * scale;
  const gates = columns * depth;
  const is_routed = expert < args.num_experts;
  const routed_at = args.first_at + expert * args.expert_stride * scale;
  const w_at = is_routed ? routed_at : args.second_at + (expert - args.num_experts) * gates;
  const to_up = is_routed ? gates : args.num_shared * gates;
  const gate = args.pool + <usize>(w_at + column * depth) * sizeof<W>();
  const up = gate + <usize>to_up * sizeof<W>();
  const norm = args.normed ? args.pool + <usize>args.norm_at * sizeof<W>() : 0;
  const stride = args.x_stride * scale;
  const end = min(args.rows, (tile + 1) * args.TILE_ROWS);
  for (let row = tile * args.TILE_ROWS; row < end; row += some(args)) {
    const rows = min(end - row, some(args));
    const row_of = args.row_of ? args.row_of + (<usize>row << 2) : 0;
    const there = rowsThere(row_of, rows);
    const y = args.y + (<usize>(row * columns + column) << 2);
    const x = args.x + (row_of ? 0 : <usize>(row * stride) << 2);
    gatherRows<W>(x, stride, row_of, args.SLOTS_PER_ROW, there, norm, depth, args.epsilon);
    dots<W>(normedRows(), depth, there, gate, depth, width, depth, y, columns, panel(depth));
    dots<W>(normedRows(), depth, there, up, depth, width, depth, beside(), width, panel(depth));
    for (let r: u32 = 0; r < there; r++) {
      const factor = load<f32>(factors() + (<usize>r << 2));
      gateNumbers(y + (<usize>(r * columns) << 2), beside() + (<usize>(r * width) << 2), factor, width);
    }
    clearRows(y + (<usize>(there * columns) << 2), columns, rows - there, width);
  }
}
