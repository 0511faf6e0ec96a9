// Balancing without an auxiliary loss: shaders/moe/moe_bias.wgsl.
import { Address } from '../lib/types';

@unmanaged
class MoeBias {
  load: Address;
  bias: Address;
  num_experts: u32;
  speed: f32;
}

export function moe_bias_units(args: MoeBias): u32 {
  return 1;
}

export function moe_bias(args: MoeBias, unit: u32): void {
  let total: u32 = 0;
  for (let e: u32 = 0; e < args.num_experts; e++) total += load<u32>(args.load + (<usize>e << 2));
  const mean = <f32>total / <f32>args.num_experts;
  for (let e: u32 = 0; e < args.num_experts; e++) {
    const at = <usize>e << 2;
    const short = mean - <f32>load<u32>(args.load + at);
    const sign: f32 = short > 0 ? 1 : short < 0 ? -1 : 0;
    store<f32>(args.bias + at, load<f32>(args.bias + at) + args.speed * sign);
  }
}
