// What grouped-query attention needs of one new token a row: shaders/attention/decode_heads.wgsl.
import { isLive, newPosition } from '../lib/attention/decode';
import { turn } from '../lib/attention/turn';
import { decodeRowAt } from '../lib/rollout';
import { inverseRms, normNumbers, scaleNumbers } from '../lib/rows';
import { Address, Condition } from '../lib/types';
import { rowsOfUnit, SIMPLE, unitsOfRows } from '../lib/units';

@unmanaged
class DecodeHeads {
  places: Address;
  q: Address;
  kv: Address;
  table: Address;
  cache: Address;
  query: Address;
  pool: Address;
  rows: u32;
  heads: u32;
  kv_heads: u32;
  width: u32;
  rope: u32;
  q_stride: u32;
  q_offset: u32;
  kv_stride: u32;
  k_offset: u32;
  v_offset: u32;
  q_norm_at: u32;
  k_norm_at: u32;
  epsilon: f32;
  scale: f32;
  interleaved: Condition;
  normed: Condition;
  whole: Condition;
  half: Condition;
}

function rowWidth(args: DecodeHeads): u32 {
  return (args.heads + 2 * args.kv_heads) * args.width;
}

export function decode_heads_units(args: DecodeHeads): u32 {
  return unitsOfRows(args.rows, rowWidth(args), SIMPLE);
}

export function decode_heads(args: DecodeHeads, unit: u32): void {
  const some = rowsOfUnit(rowWidth(args), SIMPLE);
  const end = min(args.rows, (unit + 1) * some);
  for (let row = unit * some; row < end && isLive(decodeRowAt(args.places, row)); row++) {
    args.half ? prepareRow<u16>(args, row) : prepareRow<f32>(args, row);
  }
}

function prepareRow<W>(args: DecodeHeads, row: u32): void {
  const heads = args.heads;
  const keys = args.kv_heads * args.width;
  const place = decodeRowAt(args.places, row);
  const position = newPosition(place);
  const kv = args.kv + (<usize>(row * args.kv_stride) << 2);
  const q = args.q + (<usize>(row * args.q_stride + args.q_offset) << 2);
  const cached = args.cache + (<usize>((place.own_first + place.own_length) * 2 * keys) << 2);
  const query = args.query + (<usize>(row * heads * args.width) << 2);
  prepareHeads<W>(args, q, query, heads, args.q_norm_at, position, args.scale);
  prepareHeads<W>(args, kv + (<usize>args.k_offset << 2), cached, args.kv_heads, args.k_norm_at, position, 1);
  const size = <usize>keys << 2;
  memory.copy(cached + size, kv + (<usize>args.v_offset << 2), size);
}

/** Norms, turns and scales the heads of a row. @param norm where its weights start in the pool */
function prepareHeads<W>(
  args: DecodeHeads,
  from: usize,
  to: usize,
  heads: u32,
  norm: u32,
  position: u32,
  scale: f32,
): void {
  const width = args.width;
  const rope = args.rope;
  const size = <usize>width << 2;
  const turns = args.table + (<usize>(position * (rope / 2)) << 3);
  const isWhole = args.whole;
  let factor = isWhole ? inverseRms(from, heads * width, args.epsilon) : 1;
  for (let head: u32 = 0; head < heads; head++, from += size, to += size) {
    if (args.normed) {
      if (!isWhole) factor = inverseRms(from, width, args.epsilon);
      normNumbers<W>(from, width, factor, args.pool, norm + (isWhole ? head * width : 0), to);
    } else {
      memory.copy(to, from, size);
    }
    turn(to, to, rope, turns, args.interleaved, 1);
    if (scale != 1) scaleNumbers(to, scale, width);
  }
}
