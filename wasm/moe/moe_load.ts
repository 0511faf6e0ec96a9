// Adds up the tokens sent to each expert: shaders/moe/moe_load.wgsl.
import { Address } from '../lib/types';

@unmanaged
class MoeLoad {
  counts: Address;
  load: Address;
  step_load: Address;
  num_experts: u32;
}

export function moe_load_units(args: MoeLoad): u32 {
  return 1;
}

export function moe_load(args: MoeLoad, unit: u32): void {
  for (let e: u32 = 0; e < args.num_experts; e++) {
    const at = <usize>e << 2;
    const count = load<u32>(args.counts + at);
    store<u32>(args.load + at, load<u32>(args.load + at) + count);
    store<u32>(args.step_load + at, load<u32>(args.step_load + at) + count);
  }
}
