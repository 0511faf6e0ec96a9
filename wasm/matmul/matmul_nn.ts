// y = a · b: shaders/matmul/matmul_nn.wgsl.
import { Product, product, productUnits } from '../lib/product';

export function matmul_nn_units(args: Product): u32 {
  return productUnits<Product>(args);
}

export function matmul_nn(args: Product, unit: u32): void {
  product<Product>(args, unit, args.TILE_ROWS, false);
}
