// The counting sort as the graph uses it: allocates what it writes.
import { countingSort, type SortShape, sortSizes } from '../../kernels/moe/countingSort';
import type { Graph, Tensor } from '../graph';

export interface Sorted {
  /** (places): slot at each sorted place, or INVALID. */
  readonly order: Tensor;
  /** (size): sorted place of each slot, or INVALID. */
  readonly place: Tensor;
  /** (buckets): first place of each bucket's segment, and slots in it. */
  readonly offsets: Tensor;
  readonly counts: Tensor;
  /** (tiles): bucket of each tile of places. */
  readonly tileKey: Tensor;
  readonly places: number;
}

/**
 * Sorts slots by keys (size), stably; keys ≥ buckets are left out. Adds the slots of each bucket to load (buckets), if
 * there is one.
 */
export function sort(g: Graph, keys: Tensor, shape: SortShape, load?: Tensor): Sorted {
  const sizes = sortSizes(shape);
  const sorted = {
    order: g.tensor('sort order', [sizes.places]),
    place: g.tensor('sort place', [shape.size]),
    offsets: g.tensor('sort offsets', [shape.buckets]),
    counts: g.tensor('sort counts', [shape.buckets]),
    tileKey: g.tensor('sort tile key', [sizes.tiles]),
  };
  g.emit(
    ...countingSort(shape, { keys, blockCounts: g.tensor('sort block counts', [sizes.blockCounts]), ...sorted, load }),
  );
  return { ...sorted, places: sizes.places };
}
