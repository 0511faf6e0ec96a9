// y = aᵀ · b: shaders/matmul/matmul_tn_scalar.wgsl.
import { OuterProduct, outerProduct, outerProductUnits } from '../lib/outerProduct';

export function matmul_tn_scalar_units(args: OuterProduct): u32 {
  return outerProductUnits(args);
}

export function matmul_tn_scalar(args: OuterProduct, unit: u32): void {
  outerProduct(args, unit);
}
