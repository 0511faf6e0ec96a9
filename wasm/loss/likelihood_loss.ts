// Next-token likelihood: shaders/loss/likelihood_loss.wgsl.
import { Address, ceilDiv } from '../lib/types';
import { SIMPLE } from '../lib/units';

@unmanaged
class LikelihoodLoss {
  log_prob: Address;
  weights: Address;
  slopes: Address;
  terms: Address;
  rows: u32;
}

export function likelihood_loss_units(args: LikelihoodLoss): u32 {
  return ceilDiv(args.rows, SIMPLE);
}

export function likelihood_loss(args: LikelihoodLoss, unit: u32): void {
  const end = min(args.rows, (unit + 1) * SIMPLE);
  for (let n = unit * SIMPLE; n < end; n++) {
    const at = <usize>n << 2;
    const weight = load<f32>(args.weights + at);
    store<f32>(args.slopes + 2 * at, -weight);
    store<f32>(args.slopes + 2 * at, 0, 4);
    store<f32>(args.terms + at, -weight * load<f32>(args.log_prob + at));
  }
}
