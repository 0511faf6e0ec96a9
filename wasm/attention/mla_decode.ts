// Attention of one new token a row over the latent cache: shaders/attention/mla_decode.wgsl. sums, largests and totals have only
// the first of a head's parts, which is of all keys.
import { attendTo, isLive, TOGETHER } from '../lib/attention/decode';
import { decodeRowAt } from '../lib/rollout';
import { Address, ceilDiv, Condition, Constant, perVector } from '../lib/types';

@unmanaged
class MlaDecode {
  places: Address;
  query: Address;
  cache: Address;
  sums: Address;
  largests: Address;
  totals: Address;
  rows: u32;
  heads: u32;
  parts: u32;
  RANK: Constant;
  ROPE: Constant;
  vec4: Condition;
}

/** Products, about as many as are worth a thread's waking. */
const PRODUCTS_OF_UNIT: u32 = 262144;

/** Groups of heads of a row that are one unit. */
function groupsOfUnit(args: MlaDecode): u32 {
  const mostKeys = 8 * args.parts * args.parts;
  const width = (2 * args.RANK + args.ROPE) * perVector(args.vec4);
  return max(1, PRODUCTS_OF_UNIT / (min(TOGETHER, args.heads) * width) / mostKeys);
}

export function mla_decode_units(args: MlaDecode): u32 {
  return ceilDiv(args.rows * ceilDiv(args.heads, TOGETHER), groupsOfUnit(args));
}

export function mla_decode(args: MlaDecode, unit: u32): void {
  const groups = ceilDiv(args.heads, TOGETHER);
  const some = groupsOfUnit(args);
  const end = min(args.rows * groups, (unit + 1) * some);
  for (let i = unit * some; i < end; i++) attend(args, i / groups, (i % groups) * TOGETHER);
}

function attend(args: MlaDecode, row: u32, head: u32): void {
  const place = decodeRowAt(args.places, row);
  if (!isLive(place)) return;
  const heads = args.heads;
  const rank = args.RANK * perVector(args.vec4);
  const width = rank + args.ROPE * perVector(args.vec4);
  const first = row * heads + head;
  const parts = args.parts;
  attendTo(
    place,
    0,
    args.query + (<usize>(first * width) << 2),
    min(TOGETHER, heads - head),
    width,
    args.cache,
    args.cache,
    width,
    rank,
    args.sums + (<usize>(first * parts * rank) << 2),
    parts * rank,
    args.largests + (<usize>(first * parts) << 2),
    args.totals + (<usize>(first * parts) << 2),
    parts,
  );
}
