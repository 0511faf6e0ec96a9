// y = a · bᵀ: shaders/matmul/matmul_nt.wgsl.
import { Product, product, productUnits } from '../lib/product';

export function matmul_nt_units(args: Product): u32 {
  return productUnits<Product>(args);
}

export function matmul_nt(args: Product, unit: u32): void {
  product<Product>(args, unit, args.TILE_ROWS, true);
}
