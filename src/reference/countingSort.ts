// A stable counting sort that gathers equal keys into segments, each padded to whole tiles: how (token, slot) pairs are laid
// out by expert, so that a tile of rows never straddles two experts.
import { add, at, type Numbers } from './array';

export interface Sorted {
  /** How many items have each key. */
  readonly counts: Float64Array;
  /** Where each key's segment starts, in rows, and after the last key where they all end: multiples of the tile. */
  readonly starts: Float64Array;
  /** For each row the item in it, or −1 where the row is padding. */
  readonly items: Int32Array;
  /** For each item its row: the inverse of `items`. */
  readonly rows: Int32Array;
}

/** Sorts items 0 … n−1 by keys[item] in 0 … numKeys−1; items of one key keep their order. */
export function countingSort(keys: Numbers, numKeys: number, tile: number): Sorted {
  const counts = new Float64Array(numKeys);
  for (let item = 0; item < keys.length; item++) add(counts, at(keys, item), 1);
  const starts = new Float64Array(numKeys + 1);
  for (let key = 0; key < numKeys; key++) {
    starts[key + 1] = at(starts, key) + Math.ceil(at(counts, key) / tile) * tile;
  }
  const next = starts.slice();
  const items = new Int32Array(at(starts, numKeys)).fill(-1);
  const rows = Int32Array.from(keys, (key, item) => {
    const row = at(next, key);
    next[key] = row + 1;
    items[row] = item;
    return row;
  });
  return { counts, starts, items, rows };
}
