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
  const num_experts = args.num_experts;
  const top_k = args.TOP_K;
  const shared = args.SHARED;
  const num_tokens = load<u32>(args.num_tokens);
  const scores = scratch();
  for (let row = first; row < end; row++) {
    const slot = <usize>(row * (top_k + shared)) << 2;
    const chosen = experts + slot;
    const weights = args.weights + slot;
    if (row >= num_tokens) {
      for (let k: u32 = 0; k < top_k + shared; k++) {
        store<u32>(chosen + (<usize>k << 2), num_experts + shared);
        store<f32>(weights + (<usize>k << 2), 0);
      }
      continue;
    }
    setScores(args.logits + (<usize>(row * num_experts) << 2), args.bias, num_experts);
    dropGroups(args);
    let total: f32 = 0;
    for (let k: u32 = 0; k < top_k; k++) {
      const best = takeBest(num_experts);
      store<u32>(chosen + (<usize>k << 2), best);
      total += load<f32>(scores + (<usize>best << 2));
      if (args.counted) atomic.add<u32>(args.load + (<usize>best << 2), 1);
    }
    const divisor: f32 = args.normalize == 1 ? total + 1e-20 : 1;
    for (let k: usize = 0; k < <usize>top_k << 2; k += 4) {
      const score = load<f32>(scores + (<usize>load<u32>(chosen + k) << 2));
      store<f32>(weights + k, (score / divisor) * args.scale);
    }
    for (let k: u32 = 0; k < shared; k++) {
      const at = <usize>(top_k + k) << 2;
      store<u32>(chosen + at, num_experts + k);
      store<f32>(weights + at, 1);
    }
  }
}

/** The scores of a row and the biased ones. */
function setScores(logits: usize, bias: usize, num_experts: u32): void {
  const scores = scratch();
  const biased = scores + BIASED;
  let e: u32 = 0;
  for (; e + LANES <= num_experts; e += LANES) {
    const at = <usize>e << 2;
    const score = vsigmoid(vload(logits + at));
    vstore(scores + at, score);
    vstore(biased + at, add(score, vload(bias + at)));
  }
  for (; e < num_experts; e++) {
    const at = <usize>e << 2;
    const score = sigmoid(load<f32>(logits + at));
    store<f32>(scores + at, score);
    store<f32>(biased + at, score + load<f32>(bias + at));
  }
}

/** The expert of the largest biased score, the first of equals, which is then taken. */
// @ts-ignore: decorator
@inline
function takeBest(num_experts: u32): u32 {
  const biased = scratch() + BIASED;
  let best: u32 = 0;
  let best_score = LOWEST;
  for (let e: u32 = 0; e < num_experts; e++) {
    const score = load<f32>(biased + (<usize>e << 2));
    if (score > best_score) {
      best = e;
      best_score = score;
    }
  }
  store<f32>(biased + (<usize>best << 2), f32.NEGATIVE_INFINITY);
  return best;
}

/** Takes the experts of all groups but those kept, which have the largest sums of their two best biased scores. */
function dropGroups(args: MoeRoute): void {
  const num_groups = args.num_groups;
  if (args.kept_groups >= num_groups) return;
  const size = args.num_experts / num_groups;
  const biased = scratch() + BIASED;
  let kept: u32 = 0;
  for (let i: u32 = 0; i < args.kept_groups; i++) {
    let best: u32 = 0;
    let best_score: f32 = LOWEST * 3;
    for (let group: u32 = 0; group < num_groups; group++) {
      if (kept & (1 << group)) continue;
      const score = groupScore(biased + (<usize>(group * size) << 2), size);
      if (score > best_score) {
        best = group;
        best_score = score;
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
