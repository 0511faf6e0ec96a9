// Down projection of a row's chosen experts and the shared one: shaders/moe/decode_down.wgsl.
import { addTimes } from '../lib/addTimes';
import { beside, columnBlocks, columnsOfBlock, panel, products, rowsTogether } from '../lib/decodeRows';
import { dots } from '../lib/dots';
import { Address, ceilDiv, Condition, perVector } from '../lib/types';

@unmanaged
class DecodeDown {
  hidden: Address;
  pool: Address;
  experts: Address;
  weights: Address;
  residual: Address;
  y: Address;
  rows: u32;
  columns: u32;
  num_experts: u32;
  top_k: u32;
  routed_width: u32;
  shared_width: u32;
  routed_at: u32;
  shared_at: u32;
  vec4: Condition;
  half: Condition;
}

/** Hidden numbers of a row. */
function hiddenWidth(args: DecodeDown): u32 {
  return (args.top_k * args.routed_width + args.shared_width) * perVector(args.vec4);
}

export function decode_down_units(args: DecodeDown): u32 {
  const some = rowsTogether(args.rows, args.columns, 0, hiddenWidth(args));
  return ceilDiv(args.rows, some) * columnBlocks(some, args.columns, hiddenWidth(args));
}

export function decode_down(args: DecodeDown, unit: u32): void {
  args.half ? project<u16>(args, unit) : project<f32>(args, unit);
}

function project<W>(args: DecodeDown, unit: u32): void {
  const columns = args.columns;
  const topK = args.top_k;
  const width = hiddenWidth(args);
  const routed = args.routed_width * perVector(args.vec4);
  const shared = args.shared_width * perVector(args.vec4);
  const some = rowsTogether(args.rows, columns, 0, width);
  const rowBlocks = ceilDiv(args.rows, some);
  const row = (unit % rowBlocks) * some;
  const size = columnsOfBlock(columns, columnBlocks(some, columns, width));
  const first = (unit / rowBlocks) * size;
  if (first >= columns) return;
  const rows = min(some, args.rows - row);
  const block = min(columns - first, size);
  const pool = args.pool;
  const hidden = args.hidden + (<usize>(row * width) << 2);

  // The shared one's products are the last of a row's sum, and all rows' together.
  if (shared) {
    const w = pool + <usize>(args.shared_at + first * shared) * sizeof<W>();
    const x = hidden + (<usize>(topK * routed) << 2);
    dots<W>(x, width, rows, w, shared, block, shared, beside(), block, panel(shared));
  }
  for (let r: u32 = 0; r < rows; r++) {
    const y = args.y + (<usize>((row + r) * columns + first) << 2);
    memory.fill(y, 0, <usize>block << 2);
    for (let k: u32 = 0; k < topK; k++) {
      const slot = <usize>((row + r) * topK + k) << 2;
      // A row of no rollout has no expert; what is computed for it is not used.
      const expert = min(load<u32>(args.experts + slot), args.num_experts - 1);
      const w = pool + <usize>(args.routed_at + (expert * columns + first) * routed) * sizeof<W>();
      dots<W>(hidden + (<usize>(r * width + k * routed) << 2), 0, 1, w, routed, block, routed, products(), 0, 0);
      addTimes(load<f32>(args.weights + slot), products(), y, block);
    }
    if (shared) addTimes(1, beside() + (<usize>(r * block) << 2), y, block);
    addTimes(1, args.residual + (<usize>((row + r) * columns + first) << 2), y, block);
  }
}
