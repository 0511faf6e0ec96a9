// Embedding lookup and its gradient.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';

/** y (N, D) = table (V, D) at ids (N). */
export function embed<T>(s: { rows: number; width: number }, bindings: { ids: T; table: T; y: T }): Dispatch<T> {
  return {
    label: 'Embed.forward',
    kernel: { shader: 'embed' },
    params: s,
    bindings,
    workgroups: grid(s.rows * s.width),
  };
}

/** d_table (V, D) += rows of dy (N, D), gathered by a stable sort of the ids (countingSort.ts, tile 1). */
export function embedBackward<T>(
  s: { vocabulary: number; width: number },
  bindings: { order: T; offsets: T; counts: T; dy: T; d_table: T },
): Dispatch<T> {
  return {
    label: 'Embed.backward',
    kernel: { shader: 'embed_backward' },
    params: s,
    bindings,
    workgroups: grid(s.vocabulary * s.width),
  };
}
