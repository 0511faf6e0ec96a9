// The projections of a decode step that each expert does for its own rows, which come in tiles of one expert. The
// arguments are those of decode_experts and decode_experts_gated. Rows that are not there become zero.
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
  WORK,
} from './decodeRows';
import { dots } from './dots';
import { scaleNumbers } from './rows';
import { Address, ceilDiv, Condition, Constant, INVALID, perVector } from './types';

@unmanaged
export class DecodeExperts {
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

/** Multiplications of a row for a column. */
// @ts-ignore: decorator
@inline
function work(args: DecodeExperts, isGated: bool): u32 {
  return (isGated ? 2 : 1) * args.depth * perVector(args.vec4);
}

// @ts-ignore: decorator
@inline
function blocks(args: DecodeExperts, isGated: bool): u32 {
  return columnBlocks(args.TILE_ROWS, args.columns, work(args, isGated));
}

/** Tiles of a unit. */
function tilesTogether(args: DecodeExperts, isGated: bool): u32 {
  return max<u32>(1, WORK / max<u32>(1, args.TILE_ROWS * args.columns * work(args, isGated)));
}

/** Units of a projection: a block of columns of some tiles each, tiles after tiles. */
export function expertUnits(args: DecodeExperts, isGated: bool): u32 {
  return ceilDiv(ceilDiv(args.rows, args.TILE_ROWS), tilesTogether(args, isGated)) * blocks(args, isGated);
}

export function projectExperts(args: DecodeExperts, unit: u32, isGated: bool): void {
  const tiles = ceilDiv(args.rows, args.TILE_ROWS);
  const together = tilesTogether(args, isGated);
  const groups = ceilDiv(tiles, together);
  const columns = columnsOfBlock(args.columns, blocks(args, isGated));
  const column = (unit / groups) * columns;
  if (column >= args.columns) return;
  const width = min(args.columns - column, columns);
  let tile = (unit % groups) * together;
  const end = min(tiles, tile + together);
  while (tile < end) {
    const expert = expertOf(args, tile);
    let next = tile + 1;
    while (next < end && expertOf(args, next) == expert) next++;
    if (expert < args.num_experts + args.num_shared) {
      const row = tile * args.TILE_ROWS;
      const endRow = min(args.rows, next * args.TILE_ROWS);
      args.half
        ? projectRows<u16>(args, expert, row, endRow, column, width, isGated)
        : projectRows<f32>(args, expert, row, endRow, column, width, isGated);
    }
    tile = next;
  }
}

// @ts-ignore: decorator
@inline
function expertOf(args: DecodeExperts, tile: u32): u32 {
  return load<u32>(args.tile_expert + (<usize>tile << 2));
}

/** Some columns of rows of one expert. */
function projectRows<W>(args: DecodeExperts, expert: u32, row: u32, end: u32, column: u32, width: u32, isGated: bool): void {
  const columns = args.columns;
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
  const together = rowsTogether(end - row, columns, depth, depth);
  for (; row < end; row += together) {
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
