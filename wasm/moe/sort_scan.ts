// Turns counts of blocks into the places where each writes: shaders/moe/sort_scan.wgsl. All of it is one unit.
import { tileSegments } from '../lib/sortSegments';
import { Address, Condition } from '../lib/types';

@unmanaged
class SortScan {
  block_counts: Address;
  offsets: Address;
  counts: Address;
  tile_key: Address;
  order: Address;
  load: Address;
  blocks: u32;
  buckets: u32;
  tile: u32;
  tiles: u32;
  counted: Condition;
}

export function sort_scan_units(args: SortScan): u32 {
  return 1;
}

export function sort_scan(args: SortScan, unit: u32): void {
  const counts = args.counts;
  const buckets = args.buckets;
  memory.fill(counts, 0, <usize>buckets << 2);
  for (let block: u32 = 0; block < args.blocks; block++) {
    const own = args.block_counts + (<usize>(block * buckets) << 2);
    for (let b: u32 = 0; b < buckets; b++) {
      const at = <usize>b << 2;
      const before = load<u32>(counts + at);
      store<u32>(counts + at, before + load<u32>(own + at));
      store<u32>(own + at, before);
    }
  }
  if (args.counted) {
    for (let b: u32 = 0; b < buckets; b++) {
      const at = <usize>b << 2;
      store<u32>(args.load + at, load<u32>(args.load + at) + load<u32>(counts + at));
    }
  }
  tileSegments(counts, buckets, args.tile, args.tiles, args.offsets, args.tile_key, args.order);
}
