// Norm, gate and up projection, SwiGLU, for a row's chosen experts and the shared one: shaders/moe/decode_gate_up.wgsl.
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
import { Address, ceilDiv, Condition, Constant, perVector } from '../lib/types';

@unmanaged
class DecodeGateUp {
  x: Address;
  pool: Address;
  experts: Address;
  y: Address;
  rows: u32;
  depth: u32;
  num_experts: u32;
  norm_at: u32;
  routed_at: u32;
  shared_at: u32;
  epsilon: f32;
  TOP_K: Constant;
  ROUTED: Constant;
  SHARED: Constant;
  vec4: Condition;
  half: Condition;
}

export function decode_gate_up_units(args: DecodeGateUp): u32 {
  const depth = args.depth * perVector(args.vec4);
  const width = args.TOP_K * args.ROUTED + args.SHARED;
  const some = rowsTogether(args.rows, width, depth, 2 * depth);
  return ceilDiv(args.rows, some) * columnBlocks(some, width, 2 * depth);
}

export function decode_gate_up(args: DecodeGateUp, unit: u32): void {
  args.half ? project<u16>(args, unit) : project<f32>(args, unit);
}

/** A block of the hidden numbers of some rows: parts of several experts. */
function project<W>(args: DecodeGateUp, unit: u32): void {
  const depth = args.depth * perVector(args.vec4);
  const routed = args.ROUTED;
  const shared = args.SHARED;
  const topK = args.TOP_K;
  const width = topK * routed + shared;
  const some = rowsTogether(args.rows, width, depth, 2 * depth);
  const rowBlocks = ceilDiv(args.rows, some);
  const row = (unit % rowBlocks) * some;
  const size = columnsOfBlock(width, columnBlocks(some, width, 2 * depth));
  const first = (unit / rowBlocks) * size;
  if (first >= width) return;
  const rows = min(some, args.rows - row);
  const end = min(width, first + size);
  const pool = args.pool;
  normRows<W>(args.x + (<usize>(row * depth) << 2), depth, rows, pool + <usize>args.norm_at * sizeof<W>(), depth, args.epsilon);

  const y = args.y + (<usize>(row * width) << 2);
  const block = end - first;
  const ups = beside() - (<usize>first << 2);
  for (let k = routed ? first / routed : topK; k < topK && k * routed < end; k++) {
    const from = max(first, k * routed);
    const count = min(end, (k + 1) * routed) - from;
    for (let r: u32 = 0; r < rows; r++) {
      // A row of no rollout has no expert; what is computed for it is not used.
      const expert = min(load<u32>(args.experts + (<usize>((row + r) * topK + k) << 2)), args.num_experts - 1);
      const gate = pool + <usize>(args.routed_at + (expert * 2 * routed + from - k * routed) * depth) * sizeof<W>();
      const x = normedRows() + (<usize>(r * depth) << 2);
      dots<W>(x, depth, 1, gate, depth, count, depth, y + (<usize>(r * width + from) << 2), 0, 0);
      const up = gate + <usize>(routed * depth) * sizeof<W>();
      dots<W>(x, depth, 1, up, depth, count, depth, ups + (<usize>(r * block + from) << 2), 0, 0);
    }
  }
  if (end > topK * routed) {
    const from = max(first, topK * routed);
    const gate = pool + <usize>(args.shared_at + (from - topK * routed) * depth) * sizeof<W>();
    const up = gate + <usize>(shared * depth) * sizeof<W>();
    dots<W>(normedRows(), depth, rows, gate, depth, end - from, depth, y + (<usize>from << 2), width, panel(depth));
    dots<W>(normedRows(), depth, rows, up, depth, end - from, depth, ups + (<usize>from << 2), block, panel(depth));
  }
  for (let r: u32 = 0; r < rows; r++) {
    const factor = load<f32>(factors() + (<usize>r << 2));
    gateNumbers(y + (<usize>(r * width + first) << 2), beside() + (<usize>(r * block) << 2), factor, block);
  }
}
