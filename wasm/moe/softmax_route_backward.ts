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
  const num_experts = args.num_experts;
  const end_k = <usize>args.TOP_K << 2;
  const scale = args.scale;
  const scores = scratch();
  const end = min(args.rows, (unit + 1) * ROWS_OF_UNIT);
  for (let row = unit * ROWS_OF_UNIT; row < end; row++) {
    const experts = args.experts + <usize>row * end_k;
    const d_weights = args.d_weights + <usize>row * end_k;
    const start = <usize>(row * num_experts) << 2;
    const d_logits = args.d_logits + start;
    for (let e: u32 = 0; e < num_experts; e++) store<f32>(d_logits + (<usize>e << 2), 0);
    const first = load<u32>(experts);
    if (first >= num_experts) continue;
    const logits = args.logits + start;
    // The first chosen expert's is the largest.
    setExponentials(logits, load<f32>(logits + (<usize>first << 2)), num_experts, scores);
    const total = args.normalize == 1 ? sumOfChosen(scores, experts, end_k) : sum(scores, num_experts);
    let pull: f32 = 0;
    for (let k: usize = 0; k < end_k; k += 4) {
      pull += load<f32>(d_weights + k) * (load<f32>(scores + (<usize>load<u32>(experts + k) << 2)) / total);
    }
    if (!args.normalize) {
      for (let e: u32 = 0; e < num_experts; e++) {
        const at = <usize>e << 2;
        store<f32>(d_logits + at, -scale * pull * (load<f32>(scores + at) / total));
      }
    }
    for (let k: usize = 0; k < end_k; k += 4) {
      const at = <usize>load<u32>(experts + k) << 2;
      store<f32>(d_logits + at, scale * (load<f32>(d_weights + k) - pull) * (load<f32>(scores + at) / total));
    }
  }
}
