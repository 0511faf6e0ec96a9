// The gated projection of each expert in a decode step: shaders/matmul/decode_experts_gated.wgsl.
import { DecodeExperts, expertUnits, projectExperts } from '../lib/expertTiles';

export function decode_experts_gated_units(args: DecodeExperts): u32 {
  return expertUnits(args, true);
}

export function decode_experts_gated(args: DecodeExperts, unit: u32): void {
  projectExperts(args, unit, true);
}
