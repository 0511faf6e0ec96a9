// The segments of sorted slots, one a bucket, each filled up to whole tiles.
import { ceilDiv, INVALID } from './types';

/**
 * From counts (buckets): offsets (buckets), where each segment starts; tile_key (tiles), the key of each tile, `buckets` where
 * there is none; and INVALID in the places of order (tiles · tile) that have no slot.
 */
export function tileSegments(
  counts: usize,
  buckets: u32,
  tile: u32,
  tiles: u32,
  offsets: usize,
  tileKey: usize,
  order: usize,
): void {
  let next: u32 = 0;
  for (let b: u32 = 0; b < buckets; b++) {
    const count = load<u32>(counts + (<usize>b << 2));
    const first = next * tile;
    store<u32>(offsets + (<usize>b << 2), first);
    const end = next + ceilDiv(count, tile);
    for (; next < end; next++) store<u32>(tileKey + (<usize>next << 2), b);
    fillInvalid(order, first + count, next * tile);
  }
  fillInvalid(order, next * tile, tiles * tile);
  for (; next < tiles; next++) store<u32>(tileKey + (<usize>next << 2), buckets);
}

/** Places from first to before end. */
function fillInvalid(order: usize, first: u32, end: u32): void {
  memory.fill(order + (<usize>first << 2), 0xff, <usize>(end - first) << 2);
}

/**
 * Sorts slots by key, stably: order and place as shaders/moe/sort_few.wgsl says, offsets and counts (buckets), tile_key (tiles).
 * @param next (buckets) is written over
 */
export function sortSlots(
  keys: usize,
  size: u32,
  buckets: u32,
  tile: u32,
  tiles: u32,
  order: usize,
  place: usize,
  offsets: usize,
  counts: usize,
  tileKey: usize,
  next: usize,
): void {
  memory.fill(counts, 0, <usize>buckets << 2);
  for (let i: u32 = 0; i < size; i++) {
    const key = load<u32>(keys + (<usize>i << 2));
    if (key >= buckets) continue;
    const at = counts + (<usize>key << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  tileSegments(counts, buckets, tile, tiles, offsets, tileKey, order);
  memory.copy(next, offsets, <usize>buckets << 2);
  placeSlots(keys, 0, size, buckets, 0, next, order, place);
}

/**
 * Places slots first … end − 1, in order.
 * @param starts (buckets) is added to next, if not 0
 * @param next (buckets): the place of the next slot of each key, which is moved on
 */
// @ts-ignore: decorator
@inline
export function placeSlots(
  keys: usize,
  first: u32,
  end: u32,
  buckets: u32,
  starts: usize,
  next: usize,
  order: usize,
  place: usize,
): void {
  for (let i = first; i < end; i++) {
    const key = load<u32>(keys + (<usize>i << 2));
    let at = INVALID;
    if (key < buckets) {
      const own = next + (<usize>key << 2);
      const count = load<u32>(own);
      store<u32>(own, count + 1);
      at = count + (starts ? load<u32>(starts + (<usize>key << 2)) : 0);
      store<u32>(order + (<usize>at << 2), i);
    }
    store<u32>(place + (<usize>i << 2), at);
  }
}
