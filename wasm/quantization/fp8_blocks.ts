// Blocks of matrices in eight bits: shaders/quantization/fp8_blocks.wgsl.
import { largestSize, roundNumbers, tileScale } from '../lib/e4m3';
import { Address } from '../lib/types';

@unmanaged
class Fp8Blocks {
  x: Address;
  blocks: Address;
  y: Address;
  count: u32;
}

export function fp8_blocks_units(args: Fp8Blocks): u32 {
  return args.count;
}

export function fp8_blocks(args: Fp8Blocks, unit: u32): void {
  const block = args.blocks + (<usize>unit << 4);
  const at = <usize>load<u32>(block) << 2;
  const rows = load<u32>(block, 4);
  const columns = load<u32>(block, 8);
  const step = <usize>load<u32>(block, 12) << 2;
  let largest: u32 = 0;
  for (let row: u32 = 0; row < rows; row++) largest = largestSize(args.x + at + row * step, columns, largest);
  const scale: f32 = step == 0 ? 0 : tileScale(largest);
  for (let row: u32 = 0; row < rows; row++)
    roundNumbers(args.x + at + row * step, columns, scale, args.y + at + row * step);
}
