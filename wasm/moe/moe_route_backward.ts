// Gradient of DeepSeek-V3's router in its logits: shaders/moe/moe_route_backward.wgsl.
import { sigmoid } from '../lib/exp';
import { scratch } from '../lib/scratch';
import { Address, ceilDiv, Constant } from '../lib/types';

const ROWS_OF_UNIT: u32 = 128;

@unmanaged
class MoeRouteBackward {
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

export function moe_route_backward_units(args: MoeRouteBackward): u32 {
  return ceilDiv(args.rows, ROWS_OF_UNIT);
}

export function moe_route_backward(args: MoeRouteBackward, unit: u32): void {
  const numExperts = args.num_experts;
  const endK = <usize>args.TOP_K << 2;
  const scores = scratch();
  const end = min(args.rows, (unit + 1) * ROWS_OF_UNIT);
  for (let row = unit * ROWS_OF_UNIT; row < end; row++) {
    const slots = <usize>row * endK;
    const experts = args.experts + slots;
    const dWeights = args.d_weights + slots;
    const start = <usize>(row * numExperts) << 2;
    const dLogits = args.d_logits + start;
    for (let e: u32 = 0; e < numExperts; e++) store<f32>(dLogits + (<usize>e << 2), 0);
    if (load<u32>(experts) >= numExperts) continue;
    for (let k: usize = 0; k < endK; k += 4) {
      store<f32>(scores + k, sigmoid(load<f32>(args.logits + start + (<usize>load<u32>(experts + k) << 2))));
    }
    let total: f32 = 1;
    let pull: f32 = 0;
    if (args.normalize) {
      total = 1e-20;
      for (let k: usize = 0; k < endK; k += 4) total += load<f32>(scores + k);
      // Shares first: that of a lone expert is 1, and nothing is left of its gradient but rounding, which AdamW would blow up.
      for (let k: usize = 0; k < endK; k += 4) pull += load<f32>(dWeights + k) * (load<f32>(scores + k) / total);
    }
    for (let k: usize = 0; k < endK; k += 4) {
      const s = load<f32>(scores + k);
      const dScore = args.scale * ((load<f32>(dWeights + k) - pull) / total);
      store<f32>(dLogits + (<usize>load<u32>(experts + k) << 2), dScore * s * (1 - s));
    }
  }
}
