// Reproducible numbers for tests.
import { rng } from '../lib/rng';

/** `count` standard normal draws; another seed, other numbers. */
export function normals(count: number, seed: number): Float64Array {
  const stream = rng(seed, 'init');
  return Float64Array.from({ length: count }, () => stream.normal());
}

/** `count` standard normal draws that f32 holds exactly, so that a kernel and its reference start from the same numbers. */
export function normalFloats(count: number, seed: number): Float32Array {
  return Float32Array.from(normals(count, seed));
}

/** `count` integers from 0 up to `limit`, which is left out. */
export function integers(count: number, limit: number, seed: number): Uint32Array {
  const stream = rng(seed, 'init');
  return Uint32Array.from({ length: count }, () => stream.integer(0, limit - 1));
}
