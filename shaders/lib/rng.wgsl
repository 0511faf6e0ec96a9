// Counter-based random numbers; the same bits as src/lib/rng.ts.

// PCG4D, a 4→4 integer hash (Jarzynski & Olano, "Hash Functions for GPU Rendering", JCGT 9(3), 2020).
fn pcg4d(input: vec4u) -> vec4u {
  var v = input * 1664525u + 1013904223u;
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  v ^= v >> vec4u(16u);
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  return v;
}

// 23 random bits as a number in the open interval (0, 1); with 24 the largest would round to 1.
fn open_uniform(bits: u32) -> f32 {
  return (f32(bits >> 9u) + 0.5) * (1.0 / 8388608.0);
}
