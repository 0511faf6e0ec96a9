// The steps that matrix products are made of. All of them add one product at a time, so that every kernel, whatever its tiles,
// gives the same bits.

// y + Σᵢ x[i]·m[i]: four numbers of a row against four rows of four columns.
fn add_row(y: vec4f, x: vec4f, m: mat4x4f) -> vec4f {
  return fma(m[3], vec4f(x.w), fma(m[2], vec4f(x.z), fma(m[1], vec4f(x.y), fma(m[0], vec4f(x.x), y))));
}
