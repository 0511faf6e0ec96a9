// Numbers of eight bits, OCP's E4M3: 4 bits of exponent, 3 of fraction, the largest 448. They share a scale a tile, which takes
// the tile's largest to 448 (DeepSeek-V3 report, arXiv 2412.19437, §3.3.2).

// The bits of a number's size: as integers they are in the order of the numbers, infinity and NaN on top.
fn size_bits(x: f32) -> u32 {
  return bitcast<u32>(x) & 0x7fffffffu;
}

// The scale of a tile by the bits of its largest size; 0 where it holds what is not finite, and stays as it is.
fn tile_scale(largest: u32) -> f32 {
  return select(max(bitcast<f32>(largest) / 448.0, 1.1754943508222875e-38), 0.0, largest >= 0x7f800000u);
}

// x as a number of eight bits times the scale: rounded to the nearest, of two to the even one, at most the largest.
fn round_scaled(x: f32, scale: f32) -> f32 {
  if (scale == 0.0) { return x; }
  let size = min(abs(x / scale), 448.0);
  let bits = bitcast<u32>(size);
  // Below 2⁻⁶ they are multiples of 2⁻⁹, which beside 2¹⁴ is the place of the last bit of an f32.
  let multiples = bitcast<u32>(size + 16384.0) - 0x46800000u;
  let normal = bitcast<f32>((bits + 0x7ffffu + ((bits >> 20u) & 1u)) & 0xfff00000u);
  let rounded = select(normal, f32(multiples) * 0.001953125, size < 0.015625) * scale;
  return select(rounded, -rounded, (bitcast<u32>(x) >> 31u) == 1u);
}
