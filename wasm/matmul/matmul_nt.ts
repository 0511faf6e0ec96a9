// y = a · bᵀ: shaders/matmul/matmul_nt.wgsl.
import { product, productUnits } from '../lib/product';
import { Address, Condition, Constant } from '../lib/types';

@unmanaged
class ProductNT {
  a: Address;
  b: Address;
  y: Address;
  addend: Address;
  tile_expert: Address;
  row_of: Address;
  rows: u32;
  columns: u32;
  depth: u32;
  a_stride: u32;
  a_offset: u32;
  y_stride: u32;
  y_offset: u32;
  expert_stride: u32;
  num_experts: u32;
  grouped: Condition;
  gather: Condition;
  half: Condition;
  TILE_ROWS: Constant;
  SLOTS_PER_ROW: Constant;
}

export function matmul_nt_units(args: ProductNT): u32 {
  return productUnits<ProductNT>(args);
}

export function matmul_nt(args: ProductNT, unit: u32): void {
  product<ProductNT>(args, unit, args.TILE_ROWS, true);
}
