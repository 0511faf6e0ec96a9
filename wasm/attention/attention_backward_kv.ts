// Gradient of attention in keys and values: shaders/attention/attention_backward_kv.wgsl. Here keys lie side by side and walk
// the queries that see them.
import { accumulate, BLOCK, BLOCK_BYTES, layOut, products } from '../lib/attention/blocks';
import {
  attentionUnits,
  CHUNK,
  LAID_OUT,
  LANE_POSITIONS,
  layOutPositions,
  piecesOf,
  positionOf,
  POSITIONS,
  ROWS,
  SCORES,
  sequenceEnd,
  SLOPES,
  spanOf,
  tokensOfPiece,
  whereSeen,
} from '../lib/attention/walk';
import { vexp } from '../lib/exp';
import { scratch } from '../lib/scratch';
import { Address, Condition, Constant, perVector } from '../lib/types';
import { mul, splat, STEP, sub, vload, vloadSplat, vstore } from '../lib/vector';

@unmanaged
class AttentionBackwardKv {
  q: Address;
  kv: Address;
  k_rope: Address;
  spans: Address;
  log_sum_exp: Address;
  delta: Address;
  dy: Address;
  dkv_rope: Address;
  rows: u32;
  heads: u32;
  kv_heads: u32;
  rope_heads: u32;
  window: u32;
  scale: f32;
  NOPE: Constant;
  ROPE: Constant;
  VALUE: Constant;
  vec4: Condition;
  windowed: Condition;
}

export function attention_backward_kv_units(args: AttentionBackwardKv): u32 {
  const products = args.NOPE + args.ROPE + args.VALUE;
  return attentionUnits(args.rows, args.kv_heads, (2 * products * perVector(args.vec4) * args.heads) / args.kv_heads);
}

export function attention_backward_kv(args: AttentionBackwardKv, unit: u32): void {
  const heads = args.kv_heads;
  const units = attention_backward_kv_units(args);
  const pieces = piecesOf(args.rows, heads);
  const tokens = tokensOfPiece(args.rows, heads);
  for (let piece = unit; piece < pieces; piece += units) {
    let j = (piece / heads) * tokens;
    const end = min(args.rows, j + tokens);
    while (j < end) {
      const sequence = sequenceEnd(args.spans, j, end);
      for (; j < sequence; j += BLOCK) differentiate(args, piece % heads, j, min(BLOCK, sequence - j));
      j = sequence;
    }
  }
}

/** Of `count` keys of a sequence, the first of which is j. */
function differentiate(args: AttentionBackwardKv, kvHead: u32, j: u32, count: u32): void {
  const heads = args.heads;
  const kvHeads = args.kv_heads;
  const ropeHeads = args.rope_heads;
  const perField = perVector(args.vec4);
  const nope = args.NOPE * perField;
  const rope = args.ROPE * perField;
  const value = args.VALUE * perField;
  const scale = args.scale;
  const memory = scratch();
  const laidOutRope = memory + LAID_OUT + <usize>nope * BLOCK_BYTES;
  const laidOutValues = laidOutRope + <usize>rope * BLOCK_BYTES;

  const kvStride = <usize>(kvHeads * (nope + value)) << 2;
  const kvAt = <usize>j * kvStride + (<usize>(kvHead * (nope + value)) << 2);
  const ropeStride = <usize>(ropeHeads * rope) << 2;
  const kRope = args.k_rope + <usize>j * ropeStride + (<usize>(((kvHead * ropeHeads) / kvHeads) * rope) << 2);
  const position = positionOf(spanOf(args.spans, j), j);
  const last = position + count - 1;
  const window: f32 = args.windowed ? <f32>args.window : Infinity;
  layOut(memory + LAID_OUT, args.kv + kvAt, kvStride, count, nope, scale);
  layOut(laidOutRope, kRope, ropeStride, count, rope, scale);
  layOut(laidOutValues, args.kv + kvAt + (<usize>nope << 2), kvStride, count, value, 1);
  layOutPositions(memory + LANE_POSITIONS, position, count);

  const qStride = <usize>(heads * (nope + rope)) << 2;
  const yStride = <usize>(heads * value) << 2;
  const dkv = args.dkv_rope + kvAt;
  const dRopeStride = <usize>(kvHeads * rope) << 2;
  const dRope =
    args.dkv_rope + <usize>args.rows * kvStride + <usize>j * dRopeStride + (<usize>(kvHead * rope) << 2);

  const end = spanOf(args.spans, j).end;
  const readers = heads / kvHeads;
  let isFirst = true;
  for (let head = kvHead * readers; head < (kvHead + 1) * readers; head++) {
    const q = args.q + (<usize>(head * (nope + rope)) << 2);
    const dy = args.dy + (<usize>(head * value) << 2);
    for (let n = j; n < end; ) {
      // How many queries are listed, and how many tokens that took.
      const listed = listQueries(memory, args.spans, n, end, last, window);
      const num = <u32>listed;
      n += <u32>(listed >> 32);
      if (!num) continue;
      const walk = memory + ROWS;
      products(memory + SCORES, memory + LAID_OUT, walk, num, q, qStride, nope + rope, 0, 0, 0);
      products(memory + SLOPES, laidOutValues, walk, num, dy, yStride, value, 0, 0, 0);
      slopesOfScores(memory, args, head, num, position, last, window);
      const dv = dkv + (<usize>nope << 2);
      accumulate(dv, kvStride, count, value, isFirst, memory + SCORES, walk, num, dy, yStride);
      accumulate(dkv, kvStride, count, nope, isFirst, memory + SLOPES, walk, num, q, qStride);
      accumulate(dRope, dRopeStride, count, rope, isFirst, memory + SLOPES, walk, num, q + (<usize>nope << 2), qStride);
      isFirst = false;
    }
  }
}

/** Lists up to CHUNK of the queries n … end − 1 that are not behind the window of the last key of a block. */
function listQueries(memory: usize, spans: usize, n: u32, end: u32, last: u32, window: f32): u64 {
  let num: u32 = 0;
  let next = n;
  for (; next < end && num < CHUNK; next++) {
    const position = positionOf(spanOf(spans, next), next);
    if (<f32>position - <f32>last >= window) continue;
    store<u32>(memory + ROWS + (<usize>num << 2), next);
    store<f32>(memory + POSITIONS + (<usize>num << 2), <f32>position);
    num++;
  }
  return (<u64>(next - n) << 32) | num;
}

/**
 * Scores become weights, and slopes of weights those of scores.
 * @param first, last positions of the block's keys
 */
function slopesOfScores(
  memory: usize,
  args: AttentionBackwardKv,
  head: u32,
  count: u32,
  first: u32,
  last: u32,
  window: f32,
): void {
  const heads = args.heads;
  const logTotals = args.log_sum_exp + (<usize>head << 2);
  const deltas = args.delta + (<usize>head << 2);
  const scale = splat(args.scale);
  const seenByAll = <f32>first + window;
  let row = memory;
  for (let r = memory, end = memory + (<usize>count << 2); r < end; r += 4, row += BLOCK_BYTES) {
    const at = <usize>(load<u32>(r + ROWS) * heads) << 2;
    const logTotal = vloadSplat(logTotals + at);
    const delta = vloadSplat(deltas + at);
    const p = load<f32>(r + POSITIONS);
    const isCut = p < <f32>last || p >= seenByAll;
    for (let x = row; x < row + BLOCK_BYTES; x += STEP) {
      let weight = vexp(sub(vload(x + SCORES), logTotal));
      if (isCut) {
        const before = sub(splat(p), vload(memory + LANE_POSITIONS + (x - row)));
        weight = whereSeen(before, window, weight, splat(0));
      }
      vstore(x + SCORES, weight);
      vstore(x + SLOPES, mul(mul(weight, sub(vload(x + SLOPES), delta)), scale));
    }
  }
}
