// Embedding lookup.
import { embedBackward, embed as kernel } from '../../kernels/elementwise/embed';
import type { Graph, Tensor } from '../graph';
import { sort } from './sort';

/** ids (N), table (V, D) → (N, D). */
export function embed(g: Graph, ids: Tensor, table: Tensor): Tensor {
  const [vocabulary, width] = table.shape as [number, number];
  const y = g.tensor('embedding', [ids.size, width]);
  g.emit(kernel({ rows: ids.size, width }, { ids, table, y }));
  g.onBackward([y], (dy) => {
    if (!table.gradient) return;
    const { order, offsets, counts } = sort(g, ids, { size: ids.size, buckets: vocabulary, tile: 1 });
    g.emit(embedBackward({ vocabulary, width }, { order, offsets, counts, dy, d_table: table.gradient }));
  });
  return y;
}
