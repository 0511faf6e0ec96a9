// Grouped-query attention of one new token a row over the cache: shaders/attention/grouped_decode.wgsl. sums, largests and totals
// have only the first of a head's parts, which is of all keys.
import { attendTo, isLive, newPosition, TOGETHER } from '../lib/attention/decode';
import { decodeRowAt } from '../lib/rollout';
import { Address, ceilDiv, Condition, Constant, perVector } from '../lib/types';

@unmanaged
class GroupedDecode {
  places: Address;
  query: Address;
  cache: Address;
  sums: Address;
  largests: Address;
  totals: Address;
  rows: u32;
  heads: u32;
  kv_heads: u32;
  window: u32;
  parts: u32;
  WIDTH: Constant;
  vec4: Condition;
}

/** Products, about as many as are worth a thread's waking. */
const PRODUCTS_OF_UNIT: u32 = 262144;

/** Heads of keys of a row that are one unit, with the query heads that read them. */
function groupsOfUnit(args: GroupedDecode): u32 {
  const mostKeys = 8 * args.parts * args.parts;
  const width = 2 * args.WIDTH * perVector(args.vec4);
  return max(1, PRODUCTS_OF_UNIT / ((args.heads / args.kv_heads) * width) / mostKeys);
}

export function grouped_decode_units(args: GroupedDecode): u32 {
  return ceilDiv(args.rows * args.kv_heads, groupsOfUnit(args));
}

export function grouped_decode(args: GroupedDecode, unit: u32): void {
  const some = groupsOfUnit(args);
  const end = min(args.rows * args.kv_heads, (unit + 1) * some);
  for (let i = unit * some; i < end; i++) attend(args, i / args.kv_heads, i % args.kv_heads);
}

function attend(args: GroupedDecode, row: u32, kvHead: u32): void {
  const place = decodeRowAt(args.places, row);
  if (!isLive(place)) return;
  const heads = args.heads;
  const kvHeads = args.kv_heads;
  const readers = heads / kvHeads;
  const width = args.WIDTH * perVector(args.vec4);
  const first = row * heads + kvHead * readers;
  const parts = args.parts;
  const numKeys = newPosition(place) + 1;
  const window = args.window;
  const firstKey = window > 0 && numKeys > window ? numKeys - window : 0;
  const keys = args.cache + (<usize>(kvHead * width) << 2);
  const values = args.cache + (<usize>((kvHeads + kvHead) * width) << 2);
  for (let reader: u32 = 0; reader < readers; reader += TOGETHER) {
    const head = first + reader;
    attendTo(
      place,
      firstKey,
      args.query + (<usize>(head * width) << 2),
      min(TOGETHER, readers - reader),
      width,
      keys,
      values,
      2 * kvHeads * width,
      width,
      args.sums + (<usize>(head * parts * width) << 2),
      parts * width,
      args.largests + (<usize>(head * parts) << 2),
      args.totals + (<usize>(head * parts) << 2),
      parts,
    );
  }
}
