// Places the slots of each block, in order: shaders/moe/sort_scatter.wgsl.
import { placeSlots } from '../lib/sortSegments';
import { Address, ceilDiv } from '../lib/types';

const BLOCKS_OF_UNIT: u32 = 128;

@unmanaged
class SortScatter {
  keys: Address;
  offsets: Address;
  block_counts: Address;
  order: Address;
  place: Address;
  size: u32;
  buckets: u32;
  block_size: u32;
}

export function sort_scatter_units(args: SortScatter): u32 {
  return ceilDiv(args.size, args.block_size * BLOCKS_OF_UNIT);
}

export function sort_scatter(args: SortScatter, unit: u32): void {
  const blockSize = args.block_size;
  const buckets = args.buckets;
  const end = min(ceilDiv(args.size, blockSize), (unit + 1) * BLOCKS_OF_UNIT);
  for (let block = unit * BLOCKS_OF_UNIT; block < end; block++) {
    const next = args.block_counts + (<usize>(block * buckets) << 2);
    const last = min(args.size, (block + 1) * blockSize);
    placeSlots(args.keys, block * blockSize, last, buckets, args.offsets, next, args.order, args.place);
  }
}
