// What a cache keeps of a prompt's tokens.
import type { Dispatch } from '../../device/dispatch';
import { grid } from '../layout/grid';

/** a (N, first), b (N, second) → cache (N, first + second): [c | k_rope] of latent attention, [k | v] of grouped queries. */
export function cacheAppend<T>(
  s: { rows: number; first: number; second: number },
  bindings: { a: T; b: T; cache: T },
): Dispatch<T> {
  return {
    label: 'Decode.cacheAppend',
    kernel: { shader: 'cache_append' },
    params: { ...s },
    bindings,
    workgroups: grid(s.rows * (s.first + s.second)),
  };
}
