// The projections of a decode step that each expert does for its own rows, which come in tiles of one expert. Written once for the
// arguments of decode_experts and decode_experts_gated. Rows that are not there become zero.
import {
  beside,
  columnBlocks,
  columnsOfBlock,
  factors,
  gateNumbers,
  normedRows,
  normRow,
  panel,
  rowsTogether,
  scaleNumbers,
} from './decodeRows';
import { dots } from './dots';
import { ceilDiv, INVALID, perVector } from './types';

/** @param products of a column: two where it is gated. */
// @ts-ignore: decorator
@inline
function blocks<A>(args: A, products: u32): u32 {
  return columnBlocks(args.TILE_ROWS, args.columns, products * args.depth * perVector(args.vec4));
}

/** Units of a projection: a block of columns of a tile each, a tile after the other. */
export function expertUnits<A>(args: A, isGated: bool): u32 {
  return ceilDiv(args.rows, args.TILE_ROWS) * blocks(args, isGated ? 2 : 1);
}

export function projectExperts<A>(args: A, unit: u32, isGated: bool): void {
  args.half ? projectTile<A, u16>(args, unit, isGated) : projectTile<A, f32>(args, unit, isGated);
}

function projectTile<A, W>(args: A, unit: u32, isGated: bool): void {
  const columns = args.columns;
  const tiles = ceilDiv(args.rows, args.TILE_ROWS);
  const tile = unit % tiles;
  const expert = load<u32>(args.tile_expert + (<usize>tile << 2));
  const size = columnsOfBlock(columns, blocks(args, isGated ? 2 : 1));
  const column = (unit / tiles) * size;
  if (expert >= args.num_experts + args.num_shared || column >= columns) return;
  const width = min(columns - column, size);

  const scale = perVector(args.vec4);
  const depth = args.depth * scale;
  const isRouted = expert < args.num_experts;
  const shared = expert - args.num_experts;
  const routedAt = args.first_at + expert * args.expert_stride * scale;
  // Shared experts are one wide one: each has some of its gates and ups, or of each of its rows a part.
  const sharedAt = args.second_at + shared * (isGated ? columns : 1) * depth;
  const wStride = isRouted || isGated ? depth : args.num_shared * depth;
  const toUp = (isRouted ? 1 : args.num_shared) * columns * depth;
  const w = args.pool + <usize>((isRouted ? routedAt : sharedAt) + column * wStride) * sizeof<W>();
  const norm = args.normed ? args.pool + <usize>args.norm_at * sizeof<W>() : 0;

  const stride = args.x_stride * scale;
  const together = rowsTogether(args.TILE_ROWS, depth);
  const end = min(args.rows, (tile + 1) * args.TILE_ROWS);
  for (let row = tile * args.TILE_ROWS; row < end; row += together) {
    const rows = min(end - row, together);
    const rowOf = args.row_of ? args.row_of + (<usize>row << 2) : 0;
    const there = rowsThere(rowOf, rows);
    let x = args.x + (rowOf ? 0 : <usize>(row * stride) << 2);
    let xStride = stride;
    if (norm || rowOf) {
      gatherRows<W>(x, stride, rowOf, args.SLOTS_PER_ROW, there, norm, depth, args.epsilon);
      x = normedRows();
      xStride = depth;
    }
    const y = args.y + (<usize>(row * columns + column) << 2);
    dots<W>(x, xStride, there, w, wStride, width, depth, y, columns, panel(depth));
    if (isGated) {
      const up = w + <usize>toUp * sizeof<W>();
      dots<W>(x, xStride, there, up, depth, width, depth, beside(), width, panel(depth));
    }
    for (let r: u32 = 0; r < there; r++) {
      const own = y + (<usize>(r * columns) << 2);
      const factor: f32 = norm ? load<f32>(factors() + (<usize>r << 2)) : 1;
      if (isGated) gateNumbers(own, beside() + (<usize>(r * width) << 2), factor, width);
      else if (norm) scaleNumbers(own, factor, width);
    }
    for (let r = there; r < rows; r++) memory.fill(y + (<usize>(r * columns) << 2), 0, <usize>width << 2);
  }
}

/** Rows of a tile that are there: all those before the first that is not. @param rowOf of the tile's first row; 0 for all */
function rowsThere(rowOf: usize, rows: u32): u32 {
  if (!rowOf) return rows;
  let there: u32 = 0;
  while (there < rows && load<u32>(rowOf + (<usize>there << 2)) != INVALID) there++;
  return there;
}

/**
 * Brings the rows of x that a tile reads into normedRows, times the norm's weights and with their factors if there are any.
 * @param x its row 0, or the tile's first without rowOf
 */
function gatherRows<W>(
  x: usize,
  stride: u32,
  rowOf: usize,
  slotsPerRow: u32,
  rows: u32,
  norm: usize,
  depth: u32,
  epsilon: f32,
): void {
  for (let r: u32 = 0; r < rows; r++) {
    const row = rowOf ? load<u32>(rowOf + (<usize>r << 2)) / slotsPerRow : r;
    const from = x + (<usize>(row * stride) << 2);
    const to = normedRows() + (<usize>(r * depth) << 2);
    if (norm) store<f32>(factors() + (<usize>r << 2), normRow<W>(from, norm, depth, epsilon, to));
    else memory.copy(to, from, <usize>depth << 2);
  }
}
