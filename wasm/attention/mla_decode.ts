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

/** Pieces of work that keep all threads busy. */
const MANY_PIECES: u32 = 8;

/** Of one head of a row with as many keys as there may be. */
function productsOfHead(args: MlaDecode): u32 {
  return 8 * args.parts * args.parts * (2 * args.RANK + args.ROPE) * perVector(args.vec4);
}

/** Heads of a row that are a piece: fewer than read a key together at best, where there are few rows of many keys. */
function headsOfPiece(args: MlaDecode): u32 {
  let some = min(TOGETHER, args.heads);
  while (
    some > 1 &&
    args.rows * ceilDiv(args.heads, some) < MANY_PIECES &&
    some * productsOfHead(args) > 2 * PRODUCTS_OF_UNIT
  ) {
    some = (some + 1) / 2;
  }
  return some;
}

function piecesOfUnit(args: MlaDecode): u32 {
  return max(1, PRODUCTS_OF_UNIT / (headsOfPiece(args) * productsOfHead(args)));
}

export function mla_decode_units(args: MlaDecode): u32 {
  return ceilDiv(args.rows * ceilDiv(args.heads, headsOfPiece(args)), piecesOfUnit(args));
}

export function mla_decode(args: MlaDecode, unit: u32): void {
  const heads = headsOfPiece(args);
  const groups = ceilDiv(args.heads, heads);
  const some = piecesOfUnit(args);
  const end = min(args.rows * groups, (unit + 1) * some);
  for (let i = unit * some; i < end; i++) {
    const head = (i % groups) * heads;
    attend(args, i / groups, head, min(heads, args.heads - head));
  }
}

function attend(args: MlaDecode, row: u32, head: u32, count: u32): void {
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
    count,
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
