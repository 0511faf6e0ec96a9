// What a cache keeps of each row, side by side: shaders/attention/cache_append.wgsl.
import { Address, ceilDiv } from '../lib/types';

@unmanaged
class CacheAppend {
  a: Address;
  b: Address;
  cache: Address;
  rows: u32;
  first: u32;
  second: u32;
}

/** Numbers of the cache, about as many as are worth a thread's waking. */
const NUMBERS_OF_UNIT: u32 = 65536;

function rowsOfUnit(args: CacheAppend): u32 {
  return max(1, NUMBERS_OF_UNIT / (args.first + args.second));
}

export function cache_append_units(args: CacheAppend): u32 {
  return ceilDiv(args.rows, rowsOfUnit(args));
}

export function cache_append(args: CacheAppend, unit: u32): void {
  const first = <usize>args.first << 2;
  const second = <usize>args.second << 2;
  const start = unit * rowsOfUnit(args);
  const end = min(args.rows, start + rowsOfUnit(args));
  let to = args.cache + <usize>start * (first + second);
  for (let row = <usize>start; row < <usize>end; row++) {
    memory.copy(to, args.a + row * first, first);
    memory.copy(to + first, args.b + row * second, second);
    to += first + second;
  }
}
