// Sorts a few slots by key, stably: shaders/moe/sort_few.wgsl. All of it is one unit.
import { scratch } from '../lib/scratch';
import { sortSlots } from '../lib/sortSegments';
import { Address, Condition, Constant } from '../lib/types';

@unmanaged
class SortFew {
  keys: Address;
  order: Address;
  place: Address;
  offsets: Address;
  counts: Address;
  tile_key: Address;
  load: Address;
  size: u32;
  tile: u32;
  tiles: u32;
  BUCKETS: Constant;
  counted: Condition;
}

export function sort_few_units(args: SortFew): u32 {
  return 1;
}

export function sort_few(args: SortFew, unit: u32): void {
  const counts = args.counts;
  sortSlots(
    args.keys,
    args.size,
    args.BUCKETS,
    args.tile,
    args.tiles,
    args.order,
    args.place,
    args.offsets,
    counts,
    args.tile_key,
    scratch(),
  );
  if (!args.counted) return;
  for (let b: u32 = 0; b < args.BUCKETS; b++) {
    const at = <usize>b << 2;
    store<u32>(args.load + at, load<u32>(args.load + at) + load<u32>(counts + at));
  }
}
