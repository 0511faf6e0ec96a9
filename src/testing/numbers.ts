// Reproducible numbers for tests.
import { rng } from '../lib/rng';

/** `count` standard normal draws; another seed, other numbers. */
export function normals(count: number, seed: number): Float64Array {
  const stream = rng(seed, 'init');
  return Float64Array.from({ length: count }, () => stream.normal());
}
