// The gated projection of each expert in a decode step: shaders/matmul/decode_experts_gated.wgsl.
import { expertUnits, projectExperts } from '../lib/expertTiles';
import { Address, Condition, Constant } from '../lib/types';

@unmanaged
class DecodeExpertsGated {
  pool: Address;
  x: Address;
  y: Address;
  tile_expert: Address;
  row_of: Address;
  rows: u32;
  depth: u32;
  x_stride: u32;
  columns: u32;
  norm_at: u32;
  epsilon: f32;
  first_at: u32;
  second_at: u32;
  num_experts: u32;
  num_shared: u32;
  expert_stride: u32;
  TILE_ROWS: Constant;
  SLOTS_PER_ROW: Constant;
  vec4: Condition;
  half: Condition;
  normed: Condition;
}

export function decode_experts_gated_units(args: DecodeExpertsGated): u32 {
  return expertUnits(args, true);
}

export function decode_experts_gated(args: DecodeExpertsGated, unit: u32): void {
  projectExperts(args, unit, true);
}
