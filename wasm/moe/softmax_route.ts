// A router with softmax scores: shaders/moe/softmax_route.wgsl.
import { scratch } from '../lib/scratch';
import { setExponentials, sumOfChosen } from '../lib/softmaxScores';
import { sum } from '../lib/sums';
import { Address, ceilDiv, Condition, Constant } from '../lib/types';

const ROWS_OF_UNIT: u32 = 64;

@unmanaged
class SoftmaxRoute {
  logits: Address;
  num_tokens: Address;
  weights: Address;
  experts: Address;
  load: Address;
  rows: u32;
  num_experts: u32;
  normalize: u32;
  scale: f32;
  TOP_K: Constant;
  SHARED: Constant;
  counted: Condition;
}

export function softmax_route_units(args: SoftmaxRoute): u32 {
  return ceilDiv(args.rows, ROWS_OF_UNIT);
}

export function softmax_route(args: SoftmaxRoute, unit: u32): void {
  const numExperts = args.num_experts;
  const topK = args.TOP_K;
  const shared = args.SHARED;
  const numTokens = load<u32>(args.num_tokens);
  const scores = scratch();
  const end = min(args.rows, (unit + 1) * ROWS_OF_UNIT);
  for (let row = unit * ROWS_OF_UNIT; row < end; row++) {
    const slot = <usize>(row * (topK + shared)) << 2;
    const experts = args.experts + slot;
    const weights = args.weights + slot;
    if (row >= numTokens) {
      for (let k: u32 = 0; k < topK + shared; k++) {
        store<u32>(experts + (<usize>k << 2), numExperts + shared);
        store<f32>(weights + (<usize>k << 2), 0);
      }
      continue;
    }
    const logits = args.logits + (<usize>(row * numExperts) << 2);
    for (let k: u32 = 0; k < topK; k++) {
      const best = nextBest(logits, numExperts, experts, k);
      store<u32>(experts + (<usize>k << 2), best);
      if (args.counted) atomic.add<u32>(args.load + (<usize>best << 2), 1);
    }
    setExponentials(logits, load<f32>(logits + (<usize>load<u32>(experts) << 2)), numExperts, scores);
    const total = args.normalize == 1 ? sumOfChosen(scores, experts, <usize>topK << 2) : sum(scores, numExperts);
    for (let k: usize = 0; k < <usize>topK << 2; k += 4) {
      const score = load<f32>(scores + (<usize>load<u32>(experts + k) << 2));
      store<f32>(weights + k, (score / total) * args.scale);
    }
    for (let k: u32 = 0; k < shared; k++) {
      const at = <usize>(topK + k) << 2;
      store<u32>(experts + at, numExperts + k);
      store<f32>(weights + at, 1);
    }
  }
}

/** The expert of the largest logit but for the `taken` first chosen, the first of equals. */
// @ts-ignore: decorator
@inline
function nextBest(logits: usize, numExperts: u32, chosen: usize, taken: u32): u32 {
  let best = numExperts;
  let largest: f32 = 0;
  for (let e: u32 = 0; e < numExperts; e++) {
    const logit = load<f32>(logits + (<usize>e << 2));
    if (best != numExperts && !(logit > largest)) continue;
    let isTaken = false;
    for (let j: u32 = 0; j < taken; j++) isTaken = isTaken || load<u32>(chosen + (<usize>j << 2)) == e;
    if (isTaken) continue;
    best = e;
    largest = logit;
  }
  return best;
}
