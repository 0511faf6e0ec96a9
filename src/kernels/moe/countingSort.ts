// Stable counting sort of slots by key, without atomics: a few slots in one workgroup; of many, count by block, scan, scatter.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';

export interface SortShape {
  /** Number of slots. */
  readonly size: number;
  readonly buckets: number;
  /** Every bucket's segment is padded to a multiple of this. */
  readonly tile: number;
}

/** Slots that one invocation counts and places. */
const BLOCK_SIZE = 64;

/** The most that one workgroup sorts: so much fits the 16 kB that it has at least (shaders/lib/few_slots.wgsl). */
const FEW = { slots: 512, buckets: 96 };

/** Whether one workgroup sorts them. */
export const fitsWorkgroup = ({ size, buckets }: SortShape): boolean => size <= FEW.slots && buckets <= FEW.buckets;

/** What a shader that sorts a few slots imports. */
export const fewConstants = ({ buckets }: SortShape) => ({ BUCKETS: buckets, MOST_SLOTS: FEW.slots });

/** Sizes, in numbers, of what the sort writes. */
export function sortSizes(s: SortShape): { blockCounts: number; tiles: number; places: number } {
  const blocks = Math.ceil(s.size / BLOCK_SIZE);
  const tiles = s.tile === 1 ? s.size : Math.ceil((s.size + Math.min(s.buckets, s.size) * (s.tile - 1)) / s.tile);
  return { blockCounts: blocks * s.buckets, tiles, places: tiles * s.tile };
}

/**
 * keys (size); keys ≥ buckets are left out → order (places) slot at each sorted place, place (size) of each slot,
 * offsets and counts (buckets), tile_key (tiles); adds the counts to load (buckets), if bound. Places and slots without the other
 * hold INVALID (2³² − 1).
 */
export function countingSort<T>(
  s: SortShape,
  t: { keys: T; blockCounts: T; order: T; place: T; offsets: T; counts: T; tileKey: T; load?: T | undefined },
): Dispatch<T>[] {
  const { tiles } = sortSizes(s);
  const conditions = { counted: t.load !== undefined };
  if (fitsWorkgroup(s)) {
    const { keys, order, place, offsets, counts, tileKey: tile_key, load } = t;
    return [
      {
        label: 'Sort.few',
        kernel: { shader: 'sort_few', constants: fewConstants(s), conditions },
        params: { size: s.size, tile: s.tile, tiles },
        bindings: { keys, order, place, offsets, counts, tile_key, ...(load && { load }) },
        workgroups: [1, 1, 1],
      },
    ];
  }
  const blocks = Math.ceil(s.size / BLOCK_SIZE);
  const params = { size: s.size, buckets: s.buckets, block_size: BLOCK_SIZE };
  return [
    {
      label: 'Sort.count',
      kernel: { shader: 'sort_count' },
      params,
      bindings: { keys: t.keys, block_counts: t.blockCounts },
      workgroups: grid(blocks),
    },
    {
      label: 'Sort.scan',
      kernel: { shader: 'sort_scan', conditions },
      params: { blocks, buckets: s.buckets, tile: s.tile, tiles },
      bindings: {
        block_counts: t.blockCounts,
        offsets: t.offsets,
        counts: t.counts,
        tile_key: t.tileKey,
        order: t.order,
        ...(t.load && { load: t.load }),
      },
      workgroups: [1, 1, 1],
    },
    {
      label: 'Sort.scatter',
      kernel: { shader: 'sort_scatter' },
      params,
      bindings: { keys: t.keys, offsets: t.offsets, block_counts: t.blockCounts, order: t.order, place: t.place },
      workgroups: grid(blocks),
    },
  ];
}
