// The projection of each expert in a decode step: shaders/matmul/decode_experts.wgsl.
import { DecodeExperts, expertUnits, projectExperts } from '../lib/expertTiles';

export function decode_experts_units(args: DecodeExperts): u32 {
  return expertUnits(args, false);
}

export function decode_experts(args: DecodeExperts, unit: u32): void {
  projectExperts(args, unit, false);
}
