// Gradient of attention in the query: shaders/attention/attention_backward_q.wgsl.
import { accumulate, BLOCK, BLOCK_BYTES, layOut, layOutNumbers, products } from '../lib/attention/blocks';
import {
  attentionUnits,
  CHUNK,
  LAID_OUT,
  LANE_DELTAS,
  LANE_POSITIONS,
  LANE_TOTALS,
  layOutPositions,
  listKeys,
  piecesOf,
  positionOf,
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
import { mul, splat, STEP, sub, vload, vstore } from '../lib/vector';

@unmanaged
class AttentionBackwardQ {
  q: Address;
  kv: Address;
  k_rope: Address;
  spans: Address;
  log_sum_exp: Address;
  delta: Address;
  dy: Address;
  dq: Address;
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

export function attention_backward_q_units(args: AttentionBackwardQ): u32 {
  return attentionUnits(args.rows, args.heads, 2 * (args.NOPE + args.ROPE + args.VALUE) * perVector(args.vec4));
}

export function attention_backward_q(args: AttentionBackwardQ, unit: u32): void {
  const heads = args.heads;
  const units = attention_backward_q_units(args);
  const pieces = piecesOf(args.rows, heads);
  const tokens = tokensOfPiece(args.rows, heads);
  for (let piece = unit; piece < pieces; piece += units) {
    let n = (piece / heads) * tokens;
    const end = min(args.rows, n + tokens);
    while (n < end) {
      const sequence = sequenceEnd(args.spans, n, end);
      for (; n < sequence; n += BLOCK) differentiate(args, piece % heads, n, min(BLOCK, sequence - n));
      n = sequence;
    }
  }
}

/** Of `count` queries of a sequence, the first of which is n. */
function differentiate(args: AttentionBackwardQ, head: u32, n: u32, count: u32): void {
  const heads = args.heads;
  const perField = perVector(args.vec4);
  const nope = args.NOPE * perField;
  const rope = args.ROPE * perField;
  const value = args.VALUE * perField;
  const scale = args.scale;
  const memory = scratch();
  const laidOutSlopes = memory + LAID_OUT + <usize>(nope + rope) * BLOCK_BYTES;

  const span = spanOf(args.spans, n);
  const position = positionOf(span, n);
  const end = position + count;
  const window: f32 = args.windowed ? <f32>args.window : Infinity;
  const qStride = <usize>(heads * (nope + rope)) << 2;
  const qAt = <usize>n * qStride + (<usize>(head * (nope + rope)) << 2);
  const yStride = <usize>(heads * value) << 2;
  const numbersAt = <usize>(n * heads + head) << 2;
  layOut(memory + LAID_OUT, args.q + qAt, qStride, count, nope + rope, scale);
  layOut(laidOutSlopes, args.dy + <usize>n * yStride + (<usize>(head * value) << 2), yStride, count, value, 1);
  layOutNumbers(memory + LANE_TOTALS, args.log_sum_exp + numbersAt, <usize>heads << 2, count);
  layOutNumbers(memory + LANE_DELTAS, args.delta + numbersAt, <usize>heads << 2, count);
  layOutPositions(memory + LANE_POSITIONS, position, count);

  const kvHeads = args.kv_heads;
  const ropeHeads = args.rope_heads;
  const kv = args.kv + (<usize>(((head * kvHeads) / heads) * (nope + value)) << 2);
  const kvStride = <usize>(kvHeads * (nope + value)) << 2;
  const kRope = args.k_rope + (<usize>(((head * ropeHeads) / heads) * rope) << 2);
  const ropeStride = <usize>(ropeHeads * rope) << 2;
  const dq = args.dq + qAt;

  const first = args.windowed && position + 1 > args.window ? position + 1 - args.window : 0;
  for (let from = first; from < end; from += CHUNK) {
    const to = min(end, from + CHUNK);
    const num = to - from;
    const walk = memory + ROWS;
    listKeys(memory, span, from, to);
    products(memory + SCORES, memory + LAID_OUT, walk, num, kv, kvStride, nope, kRope, ropeStride, rope);
    products(memory + SLOPES, laidOutSlopes, walk, num, kv + (<usize>nope << 2), kvStride, value, 0, 0, 0);
    slopesOfScores(memory, from, to, position, end - 1, window, scale);
    accumulate(dq, qStride, count, nope, from == first, memory + SLOPES, walk, num, kv, kvStride);
    const dqRope = dq + (<usize>nope << 2);
    accumulate(dqRope, qStride, count, rope, from == first, memory + SLOPES, walk, num, kRope, ropeStride);
  }
}

/**
 * Slopes of weights become those of scores.
 * @param from, to positions of the chunk's keys
 * @param first, last positions of the block's queries
 */
function slopesOfScores(memory: usize, from: u32, to: u32, first: u32, last: u32, window: f32, scale: f32): void {
  const seenFrom = <f32>last - window + 1;
  let row = memory;
  for (let p = from; p < to; p++, row += BLOCK_BYTES) {
    const isCut = p > first || <f32>p < seenFrom;
    for (let lane: usize = 0; lane < BLOCK_BYTES; lane += STEP) {
      let weight = vexp(sub(vload(row + SCORES + lane), vload(memory + LANE_TOTALS + lane)));
      if (isCut) weight = whereSeen(sub(vload(memory + LANE_POSITIONS + lane), splat(<f32>p)), window, weight, splat(0));
      const slope = sub(vload(row + SLOPES + lane), vload(memory + LANE_DELTAS + lane));
      vstore(row + SLOPES + lane, mul(mul(weight, slope), splat(scale)));
    }
  }
}
