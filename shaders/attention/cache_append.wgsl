// Writes the latent of each row into a cache of rows [c | k_rope].
// c: (N, R)   k_rope: (N, D)   cache: (N, R + D)
import package::lib::index::flat_index;

struct Params {
  rows: u32,
  rank: u32,
  rope: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> c: array<f32>;
@group(0) @binding(2) var<storage, read> k_rope: array<f32>;
@group(0) @binding(3) var<storage, read_write> cache: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let width = params.rank + params.rope;
  let i = flat_index(id, groups);
  if (i >= params.rows * width) { return; }
  let n = i / width;
  let column = i % width;
  var value = 0.0;
  if (column < params.rank) {
    value = c[n * params.rank + column];
  } else {
    value = k_rope[n * params.rope + column - params.rank];
  }
  cache[i] = value;
}
