// Gradient of a router with softmax scores in its logits: shaders/moe/softmax_route_backward.wgsl.
import { scratch } from '../lib/scratch';
import { setExponentials, sumOfChosen } from '../lib/softmaxScores';
import { sum } from '../lib/sums';
import { Address, ceilDiv, Constant } from '../lib/types';

const ROWS_OF_UNIT: u32 = 128;

@unmanaged
class SoftmaxRouteBackward {
  logits: Address;
  experts: Address;
  d_weights: Address;
  d_logits: Address;
  rows: u32;
  num_experts: u32;
  normalize: u32;
  scale: f32;
  TOP_K: Constant;
}

export function softmax_route_backward_units(args: SoftmaxRouteBackward): u32 {
  return ceilDiv(args.rows, ROWS_OF_UNIT);
}

export function softmax_route_backward(args: SoftmaxRouteBackward, unit: u32): void {
  const numExperts = args.num_experts;
  const endK = <usize>args.TOP_K << 2;
  const scale = args.scale;
  const scores = scratch();
  const end = min(args.rows, (unit + 1) * ROWS_OF_UNIT);
  for (let row = unit * ROWS_OF_UNIT; row < end; row++) {
    const experts = args.experts + <usize>row * endK;
    const dWeights = args.d_weights + <usize>row * endK;
    const start = <usize>(row * numExperts) << 2;
    const dLogits = args.d_logits + start;
    for (let e: u32 = 0; e < numExperts; e++) store<f32>(dLogits + (<usize>e << 2), 0);
    const first = load<u32>(experts);
    if (first >= numExperts) continue;
    const logits = args.logits + start;
    // The first chosen expert's is the largest.
    setExponentials(logits, load<f32>(logits + (<usize>first << 2)), numExperts, scores);
    const total = args.normalize == 1 ? sumOfChosen(scores, experts, endK) : sum(scores, numExperts);
    let pull: f32 = 0;
    for (let k: usize = 0; k < endK; k += 4) {
      pull += load<f32>(dWeights + k) * (load<f32>(scores + (<usize>load<u32>(experts + k) << 2)) / total);
    }
    if (!args.normalize) {
      for (let e: u32 = 0; e < numExperts; e++) {
        const at = <usize>e << 2;
        store<f32>(dLogits + at, -scale * pull * (load<f32>(scores + at) / total));
      }
    }
    for (let k: usize = 0; k < endK; k += 4) {
      const at = <usize>load<u32>(experts + k) << 2;
      store<f32>(dLogits + at, scale * (load<f32>(dWeights + k) - pull) * (load<f32>(scores + at) / total));
    }
  }
}
