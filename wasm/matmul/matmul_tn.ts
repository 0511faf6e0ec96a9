// y = aᵀ · b: shaders/matmul/matmul_tn.wgsl.
import { OuterProduct, outerProduct, outerProductUnits } from '../lib/outerProduct';

export function matmul_tn_units(args: OuterProduct): u32 {
  return outerProductUnits(args);
}

export function matmul_tn(args: OuterProduct, unit: u32): void {
  outerProduct(args, unit);
}
