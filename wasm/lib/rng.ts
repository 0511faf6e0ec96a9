// Counter-based random numbers; the same bits as src/lib/rng.ts and shaders/lib/rng.wgsl.

/** The first word of PCG4D, a 4→4 integer hash (Jarzynski & Olano, "Hash Functions for GPU Rendering", JCGT 9(3), 2020). */
export function pcg4dFirst(x: u32, y: u32, z: u32, w: u32): u32 {
  x = x * 1664525 + 1013904223;
  y = y * 1664525 + 1013904223;
  z = z * 1664525 + 1013904223;
  w = w * 1664525 + 1013904223;
  x += y * w;
  y += z * x;
  z += x * y;
  w += y * z;
  x ^= x >> 16;
  y ^= y >> 16;
  z ^= z >> 16;
  w ^= w >> 16;
  return x + y * w;
}

/** 23 random bits as a number in the open interval (0, 1); with 24 the largest would round to 1. */
export function openUniform(bits: u32): f32 {
  return (<f32>(bits >> 9) + 0.5) * (<f32>1 / 8388608);
}
