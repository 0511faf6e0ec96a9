// DeepSeek-V3's router, and the sort of its slots by expert where that is asked for: shaders/moe/moe_route.wgsl.
import { sigmoid, vsigmoid } from '../lib/exp';
import { scratch } from '../lib/scratch';
import { sortSlots } from '../lib/sortSegments';
import { Address, ceilDiv, Condition, Constant } from '../lib/types';
import { add, LANES, vload, vstore } from '../lib/vector';

const ROWS_OF_UNIT: u32 = 64;
const LOWEST: f32 = -1.0e38;

/** Places in scratch memory, in bytes: for each expert its score and its biased one; for each bucket and slot, to sort them. */
const BIASED: usize = 65536;
const NEXT: usize = 131072;
const OFFSETS: usize = 147456;
const COUNTS: usize = 163840;
const KEYS: usize = 180224;

@unmanaged
class MoeRoute {
  logits: Address;
  bias: Address;
  num_tokens: Address;
  weights: Address;
  experts: Address;
  load: Address;
  order: Address;
  place: Address;
  tile_key: Address;
  rows: u32;
  num_experts: u32;
  num_groups: u32;
  kept_groups: u32;
  normalize: u32;
  scale: f32;
  tile: u32;
  tiles: u32;
  TOP_K: Constant;
  SHARED: Constant;
  BUCKETS: Constant;
  sorted: Condition;
  counted: Condition;
}

export function moe_route_units(args: MoeRoute): u32 {
  return args.sorted ? 1 : ceilDiv(args.rows, ROWS_OF_UNIT);
}

export function moe_route(args: MoeRoute, unit: u32): void {
  if (!args.sorted) {
    route(args, unit * ROWS_OF_UNIT, min(args.rows, (unit + 1) * ROWS_OF_UNIT), args.experts);
    return;
  }
  const keys = scratch() + KEYS;
  const counts = scratch() + COUNTS;
  const size = args.rows * (args.TOP_K + args.SHARED);
  route(args, 0, args.rows, keys);
  sortSlots(
    keys,
    size,
    args.BUCKETS,
    args.tile,
    args.tiles,
    args.order,
    args.place,
    scratch() + OFFSETS,
    counts,
    args.tile_key,
    scratch() + NEXT,
  );
  for (let e: u32 = 0; e < args.num_experts; e++) {
    const at = <usize>e << 2;
    store<u32>(args.load + at, load<u32>(args.load + at) + load<u32>(counts + at));
  }
}

/** Routes rows first … end − 1. @param experts (N, K + shared) */
function route(args: MoeRoute, first: u32, end: u32, experts: usize): void {
  const numExperts = args.num_experts;
  const topK = args.TOP_K;
  const shared = args.SHARED;
  const numTokens = load<u32>(args.num_tokens);
  const scores = scratch();
  for (let row = first; row < end; row++) {
    const slot = <usize>(row * (topK + shared)) << 2;
    const chosen = experts + slot;
    const weights = args.weights + slot;
    if (row >= numTokens) {
      for (let k: u32 = 0; k < topK + shared; k++) {
        store<u32>(chosen + (<usize>k << 2), numExperts + shared);
        store<f32>(weights + (<usize>k << 2), 0);
      }
      continue;
    }
    setScores(args.logits + (<usize>(row * numExperts) << 2), args.bias, numExperts);
    dropGroups(args);
    let total: f32 = 0;
    for (let k: u32 = 0; k < topK; k++) {
      const best = takeBest(numExperts);
      store<u32>(chosen + (<usize>k << 2), best);
      total += load<f32>(scores + (<usize>best << 2));
      if (args.counted) atomic.add<u32>(args.load + (<usize>best << 2), 1);
    }
    const divisor: f32 = args.normalize == 1 ? total + 1e-20 : 1;
    for (let k: usize = 0; k < <usize>topK << 2; k += 4) {
      const score = load<f32>(scores + (<usize>load<u32>(chosen + k) << 2));
      store<f32>(weights + k, (score / divisor) * args.scale);
    }
    for (let k: u32 = 0; k < shared; k++) {
      const at = <usize>(topK + k) << 2;
      store<u32>(chosen + at, numExperts + k);
      store<f32>(weights + at, 1);
    }
  }
}

/** The scores of a row and the biased ones. */
function setScores(logits: usize, bias: usize, numExperts: u32): void {
  const scores = scratch();
  const biased = scores + BIASED;
  let e: u32 = 0;
  for (; e + LANES <= numExperts; e += LANES) {
    const at = <usize>e << 2;
    const score = vsigmoid(vload(logits + at));
    vstore(scores + at, score);
    vstore(biased + at, add(score, vload(bias + at)));
  }
  for (; e < numExperts; e++) {
    const at = <usize>e << 2;
    const score = sigmoid(load<f32>(logits + at));
    store<f32>(scores + at, score);
    store<f32>(biased + at, score + load<f32>(bias + at));
  }
}

/** The expert of the largest biased score, the first of equals, which is then taken. */
// @ts-ignore: decorator
@inline
function takeBest(numExperts: u32): u32 {
  const biased = scratch() + BIASED;
  let best: u32 = 0;
  let bestScore = LOWEST;
  for (let e: u32 = 0; e < numExperts; e++) {
    const score = load<f32>(biased + (<usize>e << 2));
    if (score > bestScore) {
      best = e;
      bestScore = score;
    }
  }
  store<f32>(biased + (<usize>best << 2), f32.NEGATIVE_INFINITY);
  return best;
}

/** Takes the experts of all groups but those kept, which have the largest sums of their two best biased scores. */
function dropGroups(args: MoeRoute): void {
  const numGroups = args.num_groups;
  if (args.kept_groups >= numGroups) return;
  const size = args.num_experts / numGroups;
  const biased = scratch() + BIASED;
  let kept: u32 = 0;
  for (let i: u32 = 0; i < args.kept_groups; i++) {
    let best: u32 = 0;
    let bestScore: f32 = LOWEST * 3;
    for (let group: u32 = 0; group < numGroups; group++) {
      if (kept & (1 << group)) continue;
      const score = groupScore(biased + (<usize>(group * size) << 2), size);
      if (score > bestScore) {
        best = group;
        bestScore = score;
      }
    }
    kept |= 1 << best;
  }
  for (let e: u32 = 0; e < args.num_experts; e++) {
    if (!(kept & (1 << (e / size)))) store<f32>(biased + (<usize>e << 2), f32.NEGATIVE_INFINITY);
  }
}

/** Sum of the two largest of so many. */
function groupScore(biased: usize, size: u32): f32 {
  let first = LOWEST;
  let second = LOWEST;
  for (let e: u32 = 0; e < size; e++) {
    const score = load<f32>(biased + (<usize>e << 2));
    second = max(second, min(first, score));
    first = max(first, score);
  }
  return first + second;
}
