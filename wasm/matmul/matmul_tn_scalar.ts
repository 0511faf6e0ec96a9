// y = aᵀ · b: shaders/matmul/matmul_tn_scalar.wgsl.
import { outerProduct, outerProductUnits } from '../lib/outerProduct';
import { Address, Condition, Constant } from '../lib/types';

@unmanaged
class ScalarOuterProduct {
  a: Address;
  b: Address;
  y: Address;
  offsets: Address;
  counts: Address;
  row_of: Address;
  rows: u32;
  columns_a: u32;
  columns_b: u32;
  a_stride: u32;
  a_offset: u32;
  b_stride: u32;
  b_offset: u32;
  segments: u32;
  parts: u32;
  grouped: Condition;
  gather: Condition;
  grow: Condition;
  SLOTS_PER_ROW: Constant;
}

export function matmul_tn_scalar_units(args: ScalarOuterProduct): u32 {
  return outerProductUnits<ScalarOuterProduct>(args);
}

export function matmul_tn_scalar(args: ScalarOuterProduct, unit: u32): void {
  outerProduct<ScalarOuterProduct>(args, unit);
}
