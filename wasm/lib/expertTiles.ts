// A tile of rows that have one expert, as the projections of a decode step see it.
import { factors, normedRows, normRow } from './decodeRows';
import { INVALID } from './types';

/** Rows of a tile that are there: all those before the first that is not. @param row_of of the tile's first row; 0 for all */
export function rowsThere(row_of: usize, rows: u32): u32 {
  if (!row_of) return rows;
  let there: u32 = 0;
  while (there < rows && load<u32>(row_of + (<usize>there << 2)) != INVALID) there++;
  return there;
}

/**
 * Brings the rows of x that a tile reads into normedRows, times the norm's weights if there are any.
 * @param x its row 0, or the tile's first without row_of
 * @param norm 0 for none: then factors are 1
 */
export function gatherRows<W>(
  x: usize,
  stride: u32,
  row_of: usize,
  slots_per_row: u32,
  rows: u32,
  norm: usize,
  depth: u32,
  epsilon: f32,
): void {
  for (let r: u32 = 0; r < rows; r++) {
    const row = row_of ? load<u32>(row_of + (<usize>r << 2)) / slots_per_row : r;
    const from = x + (<usize>(row * stride) << 2);
    const to = normedRows() + (<usize>(r * depth) << 2);
    let factor: f32 = 1;
    if (norm) factor = normRow<W>(from, norm, depth, epsilon, to);
    else memory.copy(to, from, <usize>depth << 2);
    store<f32>(factors() + (<usize>r << 2), factor);
  }
}

/** Zero in columns of rows, so that nothing slow to compute with is left there. @param stride of y, in numbers */
export function clearRows(y: usize, stride: u32, rows: u32, columns: u32): void {
  for (let r: u32 = 0; r < rows; r++) memory.fill(y + (<usize>(r * stride) << 2), 0, <usize>columns << 2);
}
