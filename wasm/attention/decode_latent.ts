// What attention of one new token a row needs, its key in the cache and its queries as the latents see them:
// shaders/attention/decode_latent.wgsl.
import { endOfLive, newPosition } from '../lib/attention/decode';
import { turn } from '../lib/attention/turn';
import { decodeRowAt } from '../lib/rollout';
import { inverseRms, normNumbers } from '../lib/rows';
import { Address, ceilDiv, Condition, perVector } from '../lib/types';
import { LANES, madd, mul, splat, STEP, vloadSplat, vstore } from '../lib/vector';
import { loadWeight, vloadWeights } from '../lib/weights';

@unmanaged
class DecodeLatent {
  places: Address;
  q: Address;
  kv: Address;
  pool: Address;
  table: Address;
  cache: Address;
  query: Address;
  rows: u32;
  heads: u32;
  nope: u32;
  rope: u32;
  value: u32;
  rank: u32;
  q_stride: u32;
  kv_stride: u32;
  kv_offset: u32;
  norm_at: u32;
  w_at: u32;
  epsilon: f32;
  scale: f32;
  vec4: Condition;
  interleaved: Condition;
  half: Condition;
}

/** Rows that read a weight once. */
const ROWS: u32 = 4;
/** Products, about as many as are worth a thread's waking. */
const PRODUCTS_OF_UNIT: u32 = 131072;

// A piece is a head's queries of ROWS rows; behind the heads come the rows' keys.
function piecesOf(args: DecodeLatent): u32 {
  return ceilDiv(args.rows, ROWS) * (args.heads + 1);
}

function piecesOfUnit(args: DecodeLatent): u32 {
  const perField = perVector(args.vec4);
  return max(1, PRODUCTS_OF_UNIT / (min(args.rows, ROWS) * args.nope * args.rank * perField * perField + 1));
}

export function decode_latent_units(args: DecodeLatent): u32 {
  return ceilDiv(piecesOf(args), piecesOfUnit(args));
}

export function decode_latent(args: DecodeLatent, unit: u32): void {
  args.half ? doPieces<u16>(args, unit) : doPieces<f32>(args, unit);
}

function doPieces<W>(args: DecodeLatent, unit: u32): void {
  const perRow = args.heads + 1;
  const some = piecesOfUnit(args);
  const end = min(piecesOf(args), (unit + 1) * some);
  for (let i = unit * some; i < end; i++) {
    const first = (i / perRow) * ROWS;
    const live = endOfLive(args.places, first, min(args.rows, first + ROWS));
    const head = i % perRow;
    if (head < args.heads) {
      makeQueries<W>(args, head, first, live);
    } else {
      for (let row = first; row < live; row++) makeKey<W>(args, row);
    }
  }
}

/** [norm(c) | turned k_rope], in the cache. */
function makeKey<W>(args: DecodeLatent, row: u32): void {
  const perField = perVector(args.vec4);
  const rank = args.rank * perField;
  const rope = args.rope * perField;
  const place = decodeRowAt(args.places, row);
  const from = args.kv + (<usize>((row * args.kv_stride + args.kv_offset) * perField) << 2);
  const to = args.cache + (<usize>((place.own_first + place.own_length) * (rank + rope)) << 2);
  normNumbers<W>(from, rank, inverseRms(from, rank, args.epsilon), args.pool, args.norm_at, to);
  const turns = args.table + (<usize>(newPosition(place) * (rope / 2)) << 3);
  const latent = <usize>rank << 2;
  turn(to + latent, from + latent, rope, turns, args.interleaved, 1);
}

/** [W_kᵀ·q_nope | turned q_rope]·scale of one head of rows first … end − 1. */
function makeQueries<W>(args: DecodeLatent, head: u32, first: u32, end: u32): void {
  const heads = args.heads;
  const perField = perVector(args.vec4);
  const nope = args.nope * perField;
  const rope = args.rope * perField;
  const rank = args.rank * perField;
  const qStep = <usize>(args.q_stride * perField) << 2;
  const q = args.q + <usize>first * qStep + (<usize>(head * (nope + rope)) << 2);
  const queryStep = <usize>(heads * (rank + rope)) << 2;
  const query = args.query + <usize>first * queryStep + (<usize>(head * (rank + rope)) << 2);
  const w = args.w_at + head * (nope + args.value * perField) * rank;
  const scale = args.scale;
  if (end - first == 4) {
    absorbFour<W>(q, qStep, nope, args.pool, w, rank, scale, query, queryStep);
  } else {
    for (let r: usize = 0; r < <usize>(end - first); r++) {
      absorb<W>(q + r * qStep, nope, args.pool, w, rank, 0, scale, query + r * queryStep);
    }
  }
  for (let row = first; row < end; row++) {
    const position = newPosition(decodeRowAt(args.places, row));
    const turns = args.table + (<usize>(position * (rope / 2)) << 3);
    const r = <usize>(row - first);
    const from = q + r * qStep + (<usize>nope << 2);
    turn(query + r * queryStep + (<usize>rank << 2), from, rope, turns, args.interleaved, scale);
  }
}

/** Numbers of y = scale · x·W from `from` on. W: (depth, width) weights of the pool, from `w` on. */
function absorb<W>(x: usize, depth: u32, pool: usize, w: u32, width: u32, from: u32, scale: f32, y: usize): void {
  const end = x + (<usize>depth << 2);
  let c = from;
  for (; c + 4 * LANES <= width; c += 4 * LANES) {
    let s0 = splat(0);
    let s1 = splat(0);
    let s2 = splat(0);
    let s3 = splat(0);
    let i = w + c;
    for (let at = x; at < end; at += 4, i += width) {
      const k = vloadSplat(at);
      s0 = madd(k, vloadWeights<W>(pool, i), s0);
      s1 = madd(k, vloadWeights<W>(pool, i + LANES), s1);
      s2 = madd(k, vloadWeights<W>(pool, i + 2 * LANES), s2);
      s3 = madd(k, vloadWeights<W>(pool, i + 3 * LANES), s3);
    }
    const to = y + (<usize>c << 2);
    vstore(to, mul(s0, splat(scale)));
    vstore(to + STEP, mul(s1, splat(scale)));
    vstore(to + 2 * STEP, mul(s2, splat(scale)));
    vstore(to + 3 * STEP, mul(s3, splat(scale)));
  }
  for (; c + LANES <= width; c += LANES) {
    let s = splat(0);
    let i = w + c;
    for (let at = x; at < end; at += 4, i += width) s = madd(vloadSplat(at), vloadWeights<W>(pool, i), s);
    vstore(y + (<usize>c << 2), mul(s, splat(scale)));
  }
  for (; c < width; c++) {
    let s: f32 = 0;
    let i = w + c;
    for (let at = x; at < end; at += 4, i += width) s += load<f32>(at) * loadWeight<W>(pool, i);
    store<f32>(y + (<usize>c << 2), s * scale);
  }
}

/** The same for four rows, with the same bits. */
function absorbFour<W>(
  x: usize,
  xStep: usize,
  depth: u32,
  pool: usize,
  w: u32,
  width: u32,
  scale: f32,
  y: usize,
  yStep: usize,
): void {
  const x1 = x + xStep;
  const x2 = x1 + xStep;
  const x3 = x2 + xStep;
  const size = <usize>depth << 2;
  let c: u32 = 0;
  for (; c + 2 * LANES <= width; c += 2 * LANES) {
    let s00 = splat(0);
    let s01 = splat(0);
    let s10 = splat(0);
    let s11 = splat(0);
    let s20 = splat(0);
    let s21 = splat(0);
    let s30 = splat(0);
    let s31 = splat(0);
    let i = w + c;
    for (let at: usize = 0; at < size; at += 4, i += width) {
      const w0 = vloadWeights<W>(pool, i);
      const w1 = vloadWeights<W>(pool, i + LANES);
      const k0 = vloadSplat(x + at);
      const k1 = vloadSplat(x1 + at);
      const k2 = vloadSplat(x2 + at);
      const k3 = vloadSplat(x3 + at);
      s00 = madd(k0, w0, s00);
      s01 = madd(k0, w1, s01);
      s10 = madd(k1, w0, s10);
      s11 = madd(k1, w1, s11);
      s20 = madd(k2, w0, s20);
      s21 = madd(k2, w1, s21);
      s30 = madd(k3, w0, s30);
      s31 = madd(k3, w1, s31);
    }
    const factor = splat(scale);
    let to = y + (<usize>c << 2);
    vstore(to, mul(s00, factor));
    vstore(to + STEP, mul(s01, factor));
    to += yStep;
    vstore(to, mul(s10, factor));
    vstore(to + STEP, mul(s11, factor));
    to += yStep;
    vstore(to, mul(s20, factor));
    vstore(to + STEP, mul(s21, factor));
    to += yStep;
    vstore(to, mul(s30, factor));
    vstore(to + STEP, mul(s31, factor));
  }
  for (let r: usize = 0; c < width && r < 4; r++) absorb<W>(x + r * xStep, depth, pool, w, width, c, scale, y + r * yStep);
}
