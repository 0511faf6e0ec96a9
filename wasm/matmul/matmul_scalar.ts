// y = a · b or a · bᵀ of any shape: shaders/matmul/matmul_scalar.wgsl.
import { product, productUnits } from '../lib/product';
import { Address, Condition, Constant } from '../lib/types';

@unmanaged
class ScalarProduct {
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
  b_row: u32;
  b_column: u32;
  y_stride: u32;
  y_offset: u32;
  expert_stride: u32;
  num_experts: u32;
  grouped: Condition;
  gather: Condition;
  half: Condition;
  ROWS: Constant;
  SLOTS_PER_ROW: Constant;
}

export function matmul_scalar_units(args: ScalarProduct): u32 {
  return productUnits<ScalarProduct>(args);
}

export function matmul_scalar(args: ScalarProduct, unit: u32): void {
  product<ScalarProduct>(args, unit, args.ROWS, args.b_row == 1);
}
