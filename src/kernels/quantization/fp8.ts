// Numbers as FP8 leaves them: in eight bits (E4M3) with a scale a tile, widened again. A product of such numbers, summed in
// f32, is the product that a device with FP8 makes, but for the rounding of code · scale to f32 (2⁻²⁴ of itself).
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';
import { type Gather, type Grouping, TILE_ROWS } from '../matmul/matmul';

/** Neighbours with one scale, and rows and columns of a block of weights (DeepSeek-V3 report, arXiv 2412.19437, §3.3.2). */
export const FP8_TILE = 128;

interface Matrix {
  readonly rows: number;
  readonly width: number;
}

/** y (N, D) = x in tiles of 1 × 128. */
export function fp8Rows<T>(s: Matrix, bindings: { x: T; y: T }): Dispatch<T> {
  return {
    label: 'Fp8.rows',
    kernel: { shader: 'fp8_rows', constants: { TILE: FP8_TILE } },
    params: { rows: s.rows, width: s.width },
    bindings,
    workgroups: grid(s.rows * Math.ceil(s.width / FP8_TILE)),
  };
}

/**
 * y (N, D) = x in tiles of 128 × 1. Grouped: rows sorted by expert, none of which shares a tile with another; what lies between
 * their segments is not written. Gathered: x has a row for each of the slots.
 */
export function fp8Columns<T>(
  s: Matrix & { readonly grouping?: Grouping<T> | undefined; readonly gather?: Gather<T> | undefined },
  bindings: { x: T; y: T },
): Dispatch<T> {
  const { rows, width, grouping, gather } = s;
  return {
    label: 'Fp8.columns',
    kernel: {
      shader: 'fp8_columns',
      constants: {
        TILE: FP8_TILE,
        ...(grouping && { TILE_ROWS }),
        ...(gather && { SLOTS_PER_ROW: gather.slotsPerRow }),
      },
      conditions: { grouped: grouping !== undefined, gather: gather !== undefined },
    },
    params: { rows, width, num_experts: grouping?.numExperts ?? 0 },
    bindings: {
      ...bindings,
      ...(grouping && { tile_expert: grouping.tileExpert, offsets: grouping.offsets, counts: grouping.counts }),
      ...(gather && { row_of: gather.rowOf }),
    },
    workgroups: grid(width * Math.ceil(rows / (grouping ? TILE_ROWS : FP8_TILE))),
  };
}

/** The latents of `rank` numbers that a decode step of B rows added to a cache in rows of `width`, in tiles of 1 × 128. */
export function fp8Cache<T>(
  s: { readonly rows: number; readonly rank: number; readonly width: number },
  bindings: { places: T; cache: T },
): Dispatch<T> {
  const { rows, rank, width } = s;
  return {
    label: 'Fp8.cache',
    kernel: { shader: 'fp8_cache', constants: { TILE: FP8_TILE } },
    params: { rows, rank, width },
    bindings,
    workgroups: grid(rows * Math.ceil(rank / FP8_TILE)),
  };
}

/** Numbers of a pool that are quantised together, or stay as they are (stride 0, one row). */
interface Fp8Block {
  readonly at: number;
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
}

/** Numbers of a pool in order: a matrix of weights, in blocks from its first on, or anything that stays as it is. */
export interface PoolRange {
  readonly at: number;
  readonly size: number;
  /** Of a matrix that is quantised. */
  readonly columns?: number | undefined;
}

/** The blocks of a pool's ranges, four words each. */
export function packFp8Blocks(ranges: readonly PoolRange[]): Uint32Array {
  return Uint32Array.from(
    ranges.flatMap(blocksOf).flatMap(({ at, rows, columns, stride }) => [at, rows, columns, stride]),
  );
}

function blocksOf({ at, size, columns }: PoolRange): Fp8Block[] {
  if (columns === undefined) {
    const most = FP8_TILE * FP8_TILE;
    return starts(size, most).map((start) => ({
      ...{ at: at + start, rows: 1, columns: Math.min(most, size - start), stride: 0 },
    }));
  }
  const rows = size / columns;
  return starts(rows, FP8_TILE).flatMap((row) =>
    starts(columns, FP8_TILE).map((column) => ({
      at: at + row * columns + column,
      rows: Math.min(FP8_TILE, rows - row),
      columns: Math.min(FP8_TILE, columns - column),
      stride: columns,
    })),
  );
}

function starts(size: number, step: number): number[] {
  return Array.from({ length: Math.ceil(size / step) }, (_, i) => i * step);
}

/** y = x with its matrices in blocks of 128 × 128, each with one scale. @param count blocks, as packFp8Blocks has them. */
export function fp8Blocks<T>(count: number, bindings: { x: T; blocks: T; y: T }): Dispatch<T> {
  return {
    label: 'Fp8.blocks',
    kernel: { shader: 'fp8_blocks' },
    params: { count },
    bindings,
    workgroups: grid(count, 1),
  };
}
