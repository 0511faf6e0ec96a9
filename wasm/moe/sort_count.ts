// Counts the keys of each block of slots: shaders/moe/sort_count.wgsl.
import { Address, ceilDiv } from '../lib/types';

const BLOCKS_OF_UNIT: u32 = 128;

@unmanaged
class SortCount {
  keys: Address;
  block_counts: Address;
  size: u32;
  buckets: u32;
  block_size: u32;
}

export function sort_count_units(args: SortCount): u32 {
  return ceilDiv(args.size, args.block_size * BLOCKS_OF_UNIT);
}

export function sort_count(args: SortCount, unit: u32): void {
  const keys = args.keys;
  const buckets = args.buckets;
  const blockSize = args.block_size;
  const size = args.size;
  const end = min(ceilDiv(size, blockSize), (unit + 1) * BLOCKS_OF_UNIT);
  for (let block = unit * BLOCKS_OF_UNIT; block < end; block++) {
    const counts = args.block_counts + (<usize>(block * buckets) << 2);
    memory.fill(counts, 0, <usize>buckets << 2);
    const last = min(size, (block + 1) * blockSize);
    for (let i = block * blockSize; i < last; i++) {
      const key = load<u32>(keys + (<usize>i << 2));
      if (key >= buckets) continue;
      const at = counts + (<usize>key << 2);
      store<u32>(at, load<u32>(at) + 1);
    }
  }
}
