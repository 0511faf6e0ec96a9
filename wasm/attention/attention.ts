// Causal attention over packed sequences, forward: shaders/attention/attention.wgsl.
import { accumulate, BLOCK, BLOCK_BYTES, layOut, products } from '../lib/attention/blocks';
import {
  attentionUnits,
  CHUNK,
  LAID_OUT,
  LANE_FACTORS,
  LANE_LARGEST,
  LANE_POSITIONS,
  LANE_TOTALS,
  layOutPositions,
  listKeys,
  piecesOf,
  positionOf,
  ROWS,
  SCORES,
  sequenceEnd,
  spanOf,
  tokensOfPiece,
  whereSeen,
} from '../lib/attention/walk';
import { vexp } from '../lib/exp';
import { scaleRows } from '../lib/rows';
import { scratch } from '../lib/scratch';
import { Address, Condition, Constant, perVector } from '../lib/types';
import { add, div, madd, splat, STEP, sub, Vec, vload, vmax, vstore } from '../lib/vector';

/** Below any score; finite, so that no NaN is made of it. */
const LEAST: f32 = -3.0e38;

@unmanaged
class Attention {
  q: Address;
  kv: Address;
  k_rope: Address;
  spans: Address;
  y: Address;
  log_sum_exp: Address;
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

export function attention_units(args: Attention): u32 {
  return attentionUnits(args.rows, args.heads, (args.NOPE + args.ROPE + args.VALUE) * perVector(args.vec4));
}

export function attention(args: Attention, unit: u32): void {
  const heads = args.heads;
  const units = attention_units(args);
  const pieces = piecesOf(args.rows, heads);
  const tokens = tokensOfPiece(args.rows, heads);
  for (let piece = unit; piece < pieces; piece += units) {
    let n = (piece / heads) * tokens;
    const end = min(args.rows, n + tokens);
    while (n < end) {
      const sequence = sequenceEnd(args.spans, n, end);
      for (; n < sequence; n += BLOCK) attend(args, piece % heads, n, min(BLOCK, sequence - n));
      n = sequence;
    }
  }
}

/** Of `count` queries of a sequence, the first of which is n. */
function attend(args: Attention, head: u32, n: u32, count: u32): void {
  const heads = args.heads;
  const scale = perVector(args.vec4);
  const nope = args.NOPE * scale;
  const rope = args.ROPE * scale;
  const value = args.VALUE * scale;
  const memory = scratch();

  const span = spanOf(args.spans, n);
  const position = positionOf(span, n);
  const end = position + count;
  const window: f32 = args.windowed ? <f32>args.window : Infinity;
  const qStride = <usize>(heads * (nope + rope)) << 2;
  const q = args.q + <usize>n * qStride + (<usize>(head * (nope + rope)) << 2);
  layOut(memory + LAID_OUT, q, qStride, count, nope + rope, args.scale);
  layOutPositions(memory + LANE_POSITIONS, position, count);
  for (let lane: usize = 0; lane < BLOCK_BYTES; lane += 4) {
    store<f32>(memory + LANE_LARGEST + lane, LEAST);
    store<f32>(memory + LANE_TOTALS + lane, 0);
  }

  const kvHeads = args.kv_heads;
  const ropeHeads = args.rope_heads;
  const kv = args.kv + (<usize>(((head * kvHeads) / heads) * (nope + value)) << 2);
  const kvStride = <usize>(kvHeads * (nope + value)) << 2;
  const kRope = args.k_rope + (<usize>(((head * ropeHeads) / heads) * rope) << 2);
  const ropeStride = <usize>(ropeHeads * rope) << 2;
  const yStride = <usize>(heads * value) << 2;
  const y = args.y + <usize>n * yStride + (<usize>(head * value) << 2);

  // Chunks begin at the same positions for every query, so that it is summed in the same order in every block.
  let from = args.windowed && position + 1 > args.window ? position + 1 - args.window : 0;
  let isFirst = true;
  while (from < end) {
    const to = min(end, (from / CHUNK + 1) * CHUNK);
    listKeys(memory, span, from, to);
    const walk = memory + ROWS;
    products(memory + SCORES, memory + LAID_OUT, walk, to - from, kv, kvStride, nope, kRope, ropeStride, rope);
    hide(memory, from, to, position, end - 1, window);
    weigh(memory, to - from);
    if (!isFirst) scaleRows(y, yStride, count, value, memory + LANE_FACTORS);
    const values = kv + (<usize>nope << 2);
    accumulate(y, yStride, count, value, isFirst, memory + SCORES, walk, to - from, values, kvStride);
    isFirst = false;
    from = to;
  }
  for (let lane: usize = 0; lane < BLOCK_BYTES; lane += STEP) {
    vstore(memory + LANE_FACTORS + lane, div(splat(1), vload(memory + LANE_TOTALS + lane)));
  }
  scaleRows(y, yStride, count, value, memory + LANE_FACTORS);
  for (let i: u32 = 0; i < count; i++) {
    const lane = memory + (<usize>i << 2);
    const logSumExp = load<f32>(lane + LANE_LARGEST) + NativeMathf.log(load<f32>(lane + LANE_TOTALS));
    store<f32>(args.log_sum_exp + (<usize>((n + i) * heads + head) << 2), logSumExp);
  }
}

/** Scores become weights, e^(score − largest so far); what was summed before is to be multiplied by the lanes' factors. */
function weigh(memory: usize, count: u32): void {
  const scores = memory + SCORES;
  const size = <usize>count * BLOCK_BYTES;
  for (let lane: usize = 0; lane < BLOCK_BYTES; lane += 2 * STEP) {
    const before0 = vload(memory + LANE_LARGEST + lane);
    const before1 = vload(memory + LANE_LARGEST + lane + STEP);
    let largest0 = before0;
    let largest1 = before1;
    const end = scores + lane + size;
    for (let x = scores + lane; x < end; x += BLOCK_BYTES) {
      largest0 = vmax(largest0, vload(x));
      largest1 = vmax(largest1, vload(x + STEP));
    }
    let total0 = splat(0);
    let total1 = splat(0);
    for (let x = scores + lane; x < end; x += BLOCK_BYTES) {
      const weight0 = vexp(sub(vload(x), largest0));
      const weight1 = vexp(sub(vload(x + STEP), largest1));
      vstore(x, weight0);
      vstore(x + STEP, weight1);
      total0 = add(total0, weight0);
      total1 = add(total1, weight1);
    }
    settle(memory + lane, before0, largest0, total0);
    settle(memory + lane + STEP, before1, largest1, total1);
  }
}

/** Keeps what a chunk of keys changes: the largest scores, and the totals of weights. */
function settle(lanes: usize, before: Vec, largest: Vec, total: Vec): void {
  const factor = vexp(sub(before, largest));
  vstore(lanes + LANE_LARGEST, largest);
  vstore(lanes + LANE_FACTORS, factor);
  vstore(lanes + LANE_TOTALS, madd(factor, vload(lanes + LANE_TOTALS), total));
}

/**
 * Scores become −∞ where a query does not see a key, which is behind it or before its window.
 * @param from, to positions of the chunk's keys
 * @param first, last positions of the block's queries
 */
function hide(memory: usize, from: u32, to: u32, first: u32, last: u32, window: f32): void {
  const seenFrom = <f32>last - window + 1;
  if (<f32>from < seenFrom) hideKeys(memory, from, min(to, <u32>seenFrom), from, window);
  if (first + 1 < to) hideKeys(memory, max(from, first + 1), to, from, window);
}

/** @param from, to positions of keys. @param origin that of the chunk's first */
function hideKeys(memory: usize, from: u32, to: u32, origin: u32, window: f32): void {
  let scores = memory + SCORES + <usize>(from - origin) * BLOCK_BYTES;
  for (let p = from; p < to; p++, scores += BLOCK_BYTES) {
    for (let lane: usize = 0; lane < BLOCK_BYTES; lane += STEP) {
      const before = sub(vload(memory + LANE_POSITIONS + lane), splat(<f32>p));
      vstore(scores + lane, whereSeen(before, window, vload(scores + lane), splat(-Infinity)));
    }
  }
}
