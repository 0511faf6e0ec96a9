// y = aᵀ · b: shaders/matmul/matmul_tn.wgsl.
import { outerProduct, outerProductUnits } from '../lib/outerProduct';
import { Address, Condition, Constant } from '../lib/types';

@unmanaged
class OuterProduct {
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

export function matmul_tn_units(args: OuterProduct): u32 {
  return outerProductUnits<OuterProduct>(args);
}

export function matmul_tn(args: OuterProduct, unit: u32): void {
  outerProduct<OuterProduct>(args, unit);
}
