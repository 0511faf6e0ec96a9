// The latents that a decode step added to its cache, in eight bits: shaders/quantization/fp8_cache.wgsl.
import { isLive } from '../lib/attention/decode';
import { largestSize, roundNumbers, tileScale } from '../lib/e4m3';
import { decodeRowAt } from '../lib/rollout';
import { Address, Constant } from '../lib/types';
import { COSTLY, rowsOfUnit, unitsOfRows } from '../lib/units';

@unmanaged
class Fp8Cache {
  places: Address;
  cache: Address;
  rows: u32;
  rank: u32;
  width: u32;
  TILE: Constant;
}

export function fp8_cache_units(args: Fp8Cache): u32 {
  return unitsOfRows(args.rows, args.rank, COSTLY);
}

export function fp8_cache(args: Fp8Cache, unit: u32): void {
  const some = rowsOfUnit(args.rank, COSTLY);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end; row++) {
    const place = decodeRowAt(args.places, row);
    if (!isLive(place)) continue;
    const start = args.cache + (<usize>((place.own_first + place.own_length) * args.width) << 2);
    for (let c: u32 = 0; c < args.rank; c += args.TILE) {
      const at = start + (<usize>c << 2);
      const count = min(args.TILE, args.rank - c);
      roundNumbers(at, count, tileScale(largestSize(at, count, 0)), at);
    }
  }
}
